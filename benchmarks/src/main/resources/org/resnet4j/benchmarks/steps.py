"""Training steps of PyTorch on one batch, after server.py."""


class Session:
    def __init__(self, network, images):
        self.network = network.train()
        self.images = images
        self.labels = torch.randint(0, 10, (len(images),))
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
        self.loss = 0.0

    def call(self):
        self.optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
            loss = functional.cross_entropy(self.network(self.images), self.labels)
        loss.backward()
        self.optimizer.step()
        self.loss = loss.item()

    def results(self):
        return [self.loss]


serve(Session, "bfloat16 by autocast")
