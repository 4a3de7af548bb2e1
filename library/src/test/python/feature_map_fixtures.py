"""Feature maps of networks of the catalogue, from timm's features_only=True in float64.

Made with Python 3.11, torch 2.13.0 (CPU), timm 1.0.29, torchvision 0.28.0, numpy 2.4; there is no random source, so no
seed: weights and images are those of prediction_fixtures.py, which tests compute again in Java. Command line:

    python library/src/test/python/feature_map_fixtures.py library/src/test/resources/pytorch

Writes feature_maps.json. "maps" has the modules whose results they are, their channels and reductions, and the results:
shape [batch, rows, columns, channels], the L2 norm and the elements at flat indices j * size // 20 of that layout. The maps
of resnet18 and resnet50 are compared with those of torchvision's create_feature_extractor before they are written.
"""

import json
import pathlib
import sys

import torch

torch.library.register_fake = lambda *args, **keywords: lambda function: function  # torchvision's operators are not needed
import timm  # noqa: E402
import torchvision  # noqa: E402
from torchvision.models.feature_extraction import create_feature_extractor  # noqa: E402

from prediction_fixtures import COUNT, IMAGES, initialize  # noqa: E402
from pytorch_fixtures import summary, tensor  # noqa: E402

# Batch, rows, columns.
NETWORKS = {
    "resnet18": [(2, 65, 97), (1, 224, 224)],
    "resnet50": [(2, 65, 97), (1, 97, 64)],
    "resnetv2_50": [(1, 65, 97)],
}
TORCHVISION = {"relu": "act1", "layer1": "layer1", "layer2": "layer2", "layer3": "layer3", "layer4": "layer4"}


def backbone(name, model):
    """timm's backbone with the tensors of the whole network, which has them first and in the same order."""
    features = timm.create_model(name, features_only=True, pretrained=False)
    given = list(model.state_dict().items())
    state = {}
    for key, (whole, value) in zip(features.state_dict(), given):
        assert key.replace("_", ".") == whole.replace("_", "."), (key, whole)
        state[key] = value
    features.load_state_dict(state)
    return features.double().eval()


def check_torchvision(name, model, images, maps):
    whole = torchvision.models.get_model(name)
    whole.load_state_dict(model.state_dict())
    with torch.no_grad():
        others = create_feature_extractor(whole.double().eval(), TORCHVISION)(images)
    for expected, actual in zip(maps, others.values(), strict=True):
        torch.testing.assert_close(actual, expected, rtol=1e-12, atol=1e-12)


def fixture(name, sizes):
    model = timm.create_model(name, pretrained=False)
    initialize(model, False)
    features = backbone(name, model)
    info = features.feature_info
    for batch, height, width in sizes:
        images = tensor(IMAGES, batch, 3, height, width).double()
        with torch.no_grad():
            maps = features(images)
        if name in torchvision.models.list_models():
            check_torchvision(name, model, images, maps)
        yield {
            "name": name, "batch": batch, "height": height, "width": width,
            "maps": [
                {"module": module, "channels": channels, "reduction": reduction,
                 "shape": list(map_.permute(0, 2, 3, 1).shape),
                 "values": summary(map_.permute(0, 2, 3, 1).contiguous(), COUNT)}
                for module, channels, reduction, map_
                in zip(info.module_name(), info.channels(), info.reduction(), maps, strict=True)],
        }


def main():
    torch.set_num_threads(1)
    lines = ["  " + json.dumps(one, separators=(",", ":")) for name, sizes in NETWORKS.items()
             for one in fixture(name, sizes)]
    path = pathlib.Path(sys.argv[1]) / "feature_maps.json"
    versions = "".join(f'"{module.__name__}": "{module.__version__}",\n' for module in (torch, timm, torchvision))
    path.write_text("{\n" + versions + '"networks": [\n' + ",\n".join(lines) + "\n]\n}\n")


if __name__ == "__main__":
    main()
