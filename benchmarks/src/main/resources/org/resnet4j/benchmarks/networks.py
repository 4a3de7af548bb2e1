"""The networks of the first paper in PyTorch, with the names of our catalog."""
try:
    import torch
    from torch import nn
    from torch.nn import functional
    missing = None
except ImportError as problem:
    missing = problem


def networks(classes=None):
    """Returns functions by names; each creates a network, and its usual image size. Classes: as usual if None."""

    class Block(nn.Module):
        def __init__(self, inner, width, stride, bottleneck, projected):
            super().__init__()
            outer = width * (4 if bottleneck else 1)
            kernels = [1, 3, 1] if bottleneck else [3, 3]
            strided = 1 if bottleneck else 0
            self.branch = nn.Sequential()
            for i, kernel in enumerate(kernels):
                last = i == len(kernels) - 1
                before = inner if i == 0 else width
                after = outer if last else width
                self.branch.append(nn.Conv2d(before, after, kernel, stride if i == strided else 1, kernel // 2, bias=False))
                self.branch.append(nn.BatchNorm2d(after))
                if not last:
                    self.branch.append(nn.ReLU(inplace=True))
            self.stride, self.more = stride, outer - inner
            self.shortcut = None
            if projected and (stride > 1 or self.more):
                self.shortcut = nn.Sequential(
                    nn.Conv2d(inner, outer, 1, stride, bias=False), nn.BatchNorm2d(outer))

        def forward(self, x):
            if self.shortcut is not None:
                shortcut = self.shortcut(x)
            elif self.more:
                half = self.more // 2
                shortcut = functional.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, half, self.more - half))
            else:
                shortcut = x
            return functional.relu_(self.branch(x) + shortcut)

    def network(stem, width, counts, bottleneck, projected, classes):
        layers, inner = list(stem), width
        for stage, count in enumerate(counts):
            for i in range(count):
                outer = width << stage
                layers.append(Block(inner, outer, 2 if stage and i == 0 else 1, bottleneck, projected))
                inner = outer * (4 if bottleneck else 1)
        return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inner, classes))

    def photographs(counts, bottleneck):
        stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
        return lambda: (network(stem, 64, counts, bottleneck, True, classes or 1000), 224)

    def small(depth):
        stem = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True)]
        return lambda: (network(stem, 16, [(depth - 2) // 6] * 3, False, False, classes or 10), 32)

    named = {"resnet%d" % depth: small(depth) for depth in (20, 32, 44, 56, 110)}
    for depth, counts in ((18, [2, 2, 2, 2]), (34, [3, 4, 6, 3])):
        named["resnet%d" % depth] = photographs(counts, False)
    for depth, counts in ((50, [3, 4, 6, 3]), (101, [3, 4, 23, 3]), (152, [3, 8, 36, 3])):
        named["resnet%d" % depth] = photographs(counts, True)
    return named
