"""Predictions of PyTorch for one batch, after server.py."""


class Session:
    def __init__(self, network, images):
        self.type = torch.bfloat16 if bfloat16 else torch.float32
        self.network = network.eval().to(self.type)
        self.images = images.to(self.type)
        self.scores = None

    def load(self, file):
        """Reads the weights, in the order of the network, and the images, NHWC, which is channels last."""
        tensors = torch.load(file, weights_only=True)
        self.images = tensors.pop("images").permute(0, 3, 1, 2).to(self.type)
        names = [name for name in self.network.state_dict() if not name.endswith("num_batches_tracked")]
        self.network.load_state_dict(dict(zip(names, tensors.values(), strict=True)))

    def call(self):
        with torch.inference_mode():
            self.scores = self.network(self.images)

    def results(self):
        return self.scores.flatten().tolist()


serve(Session, "bfloat16")
