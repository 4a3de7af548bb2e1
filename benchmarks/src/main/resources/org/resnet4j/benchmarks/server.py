"""A session of PyTorch with the protocol of PeerServer, after networks.py: SCRIPT float32|bf16."""
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


def peak():
    try:
        line = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
        return 1024 * int(line.split()[1])
    except (OSError, StopIteration):
        return 0


def create(kind, name, batch, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    known = networks()
    if name not in known:
        raise ValueError("there is no %s; there are %s" % (name, ", ".join(known)))
    network, size = known[name]()
    images = torch.randn(batch, 3, size, size)
    return kind(*(one.to(memory_format=torch.channels_last) for one in (network, images)))


def reply(command, kind, arithmetic):
    global session
    if command == "p":
        name, batch, threads = text(), read("i"), read("i")
    if command == "l":
        file = text()
    if command == "t":
        calls = read("i")
    if missing:
        raise missing
    if command == "d":
        say(True, "%s, Python %s, %s, channels last" % (
            torch.__version__, sys.version.split()[0], arithmetic if bfloat16 else "float32"))
    elif command == "p":
        session = create(kind, name, batch, threads)
        answer("")
    elif command == "l":
        session.load(file)
        answer("")
    elif command == "t":
        start = time.perf_counter_ns()
        for _ in range(calls):
            session.call()
        answer("qq", time.perf_counter_ns() - start, 0)
    elif command == "r":
        results = session.results()
        answer("i%df" % len(results), len(results), *results)
    elif command == "m":
        answer("qq", 0, peak())
    else:
        raise ValueError("unknown command " + command)


def serve(kind, arithmetic):
    """Serves sessions of a class; arithmetic: its name in bfloat16."""
    while True:
        command = commands.read(2)
        if len(command) < 2:
            break
        try:
            reply(command.decode("utf-16-be"), kind, arithmetic)
        except Exception as problem:
            say(False, "%s: %s" % (type(problem).__name__, problem))
        answers.flush()


session = None
