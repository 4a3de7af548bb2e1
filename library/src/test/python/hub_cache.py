"""Writes src/test/resources/weights/hub-cache.txt: what Python's huggingface_hub makes of its cache.

Downloads two models of known contents from a small hub on this machine and lists the files of the cache: links with
their targets, references with their contents; not its locks. HubTest has the same contents and must make the same files.

Versions: huggingface_hub 2.0.0, Python 3.11. Nothing is drawn.
Run in library/:  python src/test/python/hub_cache.py src/test/resources/weights/hub-cache.txt
"""

import hashlib
import http.server
import os
import pathlib
import sys
import tempfile
import threading
import urllib.parse

CONFIG = b'{"architecture": "resnet18"}\n'
WEIGHTS = b"resnet4j" * 25_000
REPOSITORIES = {
    "timm/resnet18.a1_in1k": (
        "main",
        "0123456789abcdef0123456789abcdef01234567",
        {"config.json": CONFIG, "model.safetensors": WEIGHTS},
    ),
    "timm/old": (
        "refs/pr/1",
        "89abcdef0123456789abcdef0123456789abcdef",
        {"config.json": CONFIG, "pytorch_model.bin": WEIGHTS},
    ),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def answer(self, with_body):
        owner, name, _, revision, file = self.path.lstrip("/").split("/")
        known, commit, files = REPOSITORIES[f"{owner}/{name}"]
        assert urllib.parse.unquote(revision) in (known, commit)
        content = files.get(file)
        self.send_response(404 if content is None else 200)
        self.send_header("X-Repo-Commit", commit)
        if content is None:
            self.send_header("X-Error-Code", "EntryNotFound")
            content = b""
        else:
            large = not file.endswith(".json")
            tag = hashlib.sha256(content) if large else hashlib.sha1(b"blob %d\0" % len(content) + content)
            self.send_header("ETag", f'"{tag.hexdigest()}"')
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()

with tempfile.TemporaryDirectory() as folder:
    os.environ["HF_HOME"] = folder
    os.environ["HF_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import EntryNotFoundError

    for repository, (revision, _, _) in REPOSITORIES.items():
        for file in ("config.json", "model.safetensors", "pytorch_model.bin"):
            if repository == "timm/old" or file != "pytorch_model.bin":
                try:
                    hf_hub_download(repository, file, revision=revision)
                except EntryNotFoundError:
                    pass
    cache = pathlib.Path(folder, "hub")
    lines = []
    for path in cache.rglob("*"):
        name = path.relative_to(cache).as_posix()
        if name.startswith(".locks/"):
            continue
        if path.is_symlink():
            lines.append(f"{name} -> {os.readlink(path)}")
        elif "/refs/" in name and path.is_file():
            lines.append(f"{name}: {path.read_text()}")
        elif path.is_file():
            lines.append(name)
    pathlib.Path(sys.argv[1]).write_text("".join(line + "\n" for line in sorted(lines)))
