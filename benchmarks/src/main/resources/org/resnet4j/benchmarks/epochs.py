"""Epochs of PyTorch over photographs, after networks.py: SCRIPT CSV FOLDER MODEL SIZE BATCH EPOCHS THREADS PRECISION WORKERS."""
import os, sys, time

if missing:
    sys.exit(str(missing))
# transforms need none of the compiled operators, whose registration fails beside some builds of PyTorch
torch.library.register_fake = lambda *arguments, **options: lambda function: function
from torchvision import datasets, transforms

csv, folder, model = sys.argv[1:4]
size, batch, epochs, threads = map(int, sys.argv[4:8])
bfloat16, workers = sys.argv[8] == "bf16", int(sys.argv[9])
torch.set_num_threads(threads)
torch.manual_seed(1)
training = os.path.join(folder, "train")
photographs = datasets.ImageFolder(training if os.path.isdir(training) else folder, transforms.Compose([
    transforms.RandomResizedCrop(size),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
]))
loader = torch.utils.data.DataLoader(
    photographs, batch, shuffle=True, drop_last=True, num_workers=workers, persistent_workers=workers > 0)
network = networks(len(photographs.classes))[model]()[0].train().to(memory_format=torch.channels_last)
optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, nesterov=True)
with open(csv, "w") as out:
    out.write("epoch,imagesPerSecond\n")
    for epoch in range(epochs):
        images, start = 0, time.perf_counter()
        for pixels, labels in loader:
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
                scores = network(pixels.contiguous(memory_format=torch.channels_last))
                loss = functional.cross_entropy(scores, labels)
            loss.backward()
            optimizer.step()
            images += len(labels)
        out.write("%d,%f\n" % (epoch + 1, images / (time.perf_counter() - start)))
