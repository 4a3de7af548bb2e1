"""Training steps of PyTorch on one batch, with the protocol of PeerServer: SCRIPT float32|bf16, after networks.py."""
import os, struct, sys, time

# output of libraries must not mix with the answers
answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
commands = sys.stdin.buffer
bfloat16 = sys.argv[1] == "bf16"


def read(form):
    data = commands.read(struct.calcsize(">" + form))
    return struct.unpack(">" + form, data)[0]


def text():
    return commands.read(read("H")).decode()


def answer(form, *values):
    answers.write(struct.pack(">?" + form, True, *values))


def say(good, words):
    data = words.encode()
    answers.write(struct.pack(">?H", good, len(data)) + data)


class Session:
    def __init__(self, name, batch, threads):
        torch.set_num_threads(threads)
        torch.manual_seed(1)
        known = networks()
        if name not in known:
            raise ValueError("there is no %s; there are %s" % (name, ", ".join(known)))
        self.network, size = known[name]()
        self.network = self.network.train().to(memory_format=torch.channels_last)
        self.images = torch.randn(batch, 3, size, size).contiguous(memory_format=torch.channels_last)
        self.labels = torch.randint(0, 10, (batch,))
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
        self.loss = 0.0

    def step(self):
        self.optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
            loss = functional.cross_entropy(self.network(self.images), self.labels)
        loss.backward()
        self.optimizer.step()
        self.loss = loss.item()


def peak():
    try:
        line = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
        return 1024 * int(line.split()[1])
    except (OSError, StopIteration):
        return 0


def serve(command):
    global session
    if command == "p":
        name, batch, threads = text(), read("i"), read("i")
    if command == "t":
        calls = read("i")
    if missing:
        raise missing
    if command == "d":
        say(True, "%s, Python %s, %s, channels last" % (
            torch.__version__, sys.version.split()[0], "bfloat16 by autocast" if bfloat16 else "float32"))
    elif command == "p":
        session = Session(name, batch, threads)
        answer("")
    elif command == "t":
        start = time.perf_counter_ns()
        for _ in range(calls):
            session.step()
        answer("qq", time.perf_counter_ns() - start, 0)
    elif command == "r":
        answer("if", 1, session.loss)
    elif command == "m":
        answer("qq", 0, peak())
    else:
        raise ValueError("unknown command " + command)


session = None
while True:
    command = commands.read(2)
    if len(command) < 2:
        break
    try:
        serve(command.decode("utf-16-be"))
    except Exception as problem:
        say(False, "%s: %s" % (type(problem).__name__, problem))
    answers.flush()
