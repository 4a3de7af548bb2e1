"""Writes the class names of ImageNet-1k and CIFAR as resources of the library.

The names of ImageNet-1k are torchvision's (BSD-3-Clause), the synsets those of WordNet 3.0 as timm (Apache-2.0) lists
them, in the order of the scores. Neither package is imported, only a file of each is read:

    pip install --no-deps torchvision==0.28.0 timm==1.0.29
    python label_sets.py ../../main/resources/org/resnet4j/model/labels
"""

import pathlib
import sys
import sysconfig

packages = pathlib.Path(sysconfig.get_paths()["purelib"])
target = pathlib.Path(sys.argv[1])

meta = {}
exec((packages / "torchvision/models/_meta.py").read_text(), meta)
names = meta["_IMAGENET_CATEGORIES"]
synsets = (packages / "timm/data/_info/imagenet_synsets.txt").read_text().split()
assert len(names) == len(set(names)) == len(synsets) == 1000
assert synsets == sorted(synsets)

cifar10 = "airplane automobile bird cat deer dog frog horse ship truck".split()
cifar100 = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree
wolf woman worm
""".split()
assert len(cifar100) == len(set(cifar100)) == 100 and cifar100 == sorted(cifar100)


def write(name, lines):
    (target / name).write_text("".join(line + "\n" for line in lines), encoding="utf-8")


write("imagenet-1k.txt", [synset + "\t" + name for synset, name in zip(synsets, names)])
write("cifar10.txt", cifar10)
write("cifar100.txt", cifar100)
