"""The proxy's configuration, by a real nginx before a real `kg serve`."""

from __future__ import annotations

import http.client
import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import services
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.store import Facts, VersionStore

ROOT = Path(__file__).resolve().parents[2]
CONFIG = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
SLOW = 30

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx; .ci/services --packages installs it")


@contextmanager
def serving(folder):
    """`kg serve` over one statement: its port."""
    with VersionStore(folder / "store").writer("test") as writer:
        writer.store.add(Quad(NamedNode("http://a/a"), NamedNode("http://a/b"), Literal("c"), DefaultGraph()))
        writer.publish(Facts(inputs={}, shapes="", code="1"))
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--store", str(folder / "store")]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield int(next(found[1] for line in process.stderr if (found := re.search(r"Open \S+:(\d+)/", line))))
        finally:
            process.kill()


def written(folder, site):
    """The main configuration of an nginx of our own that includes a site."""
    (folder / "site.conf").write_text(site, encoding="utf-8")
    user = f"user {os.environ.get('USER', 'root')};" if os.geteuid() == 0 else ""
    paths = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"""{user} pid {folder}/pid; error_log {folder}/error.log; daemon off;
      events {{}} http {{ access_log off; {paths} include {folder}/site.conf; }}"""
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    return ["-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]


@pytest.fixture
def proxy(tmp_path):
    """The address of nginx before `kg serve`, with its own limits but a shorter patience, and without TLS."""
    with serving(tmp_path) as behind:
        site = CONFIG.replace("127.0.0.1:8000", f"127.0.0.1:{behind}")
        with before(tmp_path, site.replace("client_header_timeout 10s", "client_header_timeout 1s")) as port:
            yield port


@contextmanager
def before(tmp_path, site):
    """The port of an nginx with this site, without TLS."""
    with ExitStack() as stack:
        port = services.free_port()
        site = re.sub(r"listen (\[::\]:)?(80|443 ssl);|ssl_certificate(_key)? .*;", "", site)
        site = site.replace("server_name kg.example.org;", f"listen 127.0.0.1:{port}; server_name kg.example.org;", 1)
        site = site[: site.rindex("server {")]
        process = stack.enter_context(subprocess.Popen([NGINX, *written(tmp_path, site)]))
        stack.callback(process.terminate)
        services.until_it_listens(process, port, tmp_path / "error.log")
        yield port


def test_configuration_is_read(tmp_path):
    """Nginx takes the file as it is, with a certificate where it says."""
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kg.example.org", "-days", "1"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    site = CONFIG.replace("/etc/ssl/policy-kg", str(tmp_path))
    done = subprocess.run([NGINX, "-t", *written(tmp_path, site)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


class Slow(http.server.BaseHTTPRequestHandler):
    """A service whose answers to queries never come, and whose writes are done when the first query was given up."""

    given_up = threading.Event()

    def do_GET(self):
        """A query."""
        self.given_up.wait(60)

    def do_POST(self):
        """A write."""
        self.given_up.wait(60)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Nothing."""


def test_a_write_may_take_longer_than_a_query(tmp_path):
    """A query that outlasts the proxy's patience gets 504; a write that takes longer than that is answered."""
    with ExitStack() as stack:
        service = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow))
        threading.Thread(target=service.serve_forever, daemon=True).start()
        stack.callback(service.shutdown)
        site = CONFIG.replace("127.0.0.1:8000", f"127.0.0.1:{service.server_port}")
        port = stack.enter_context(before(tmp_path, site.replace("proxy_read_timeout 60s", "proxy_read_timeout 1s")))
        writes = ("/update", "/graphs?default", "/graph/curated/mine", "/reports/a")
        statuses = {}

        def write(path):
            statuses[path] = httpx.post(f"http://127.0.0.1:{port}{path}", timeout=60).status_code

        writing = [threading.Thread(target=write, args=[path]) for path in writes]
        for each in writing:
            each.start()
        assert status(port, "/sparql?query=ASK%7B%7D") == 504
        Slow.given_up.set()
        for each in writing:
            each.join()
        assert statuses == dict.fromkeys(writes, 200)


def test_slow_clients_hold_nobody_up(proxy):
    """While thirty clients send their heads a byte now and never the rest, others are answered; the slow are let go."""
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", proxy), 60)) for _ in range(SLOW)]
        for connection in slow:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: kg.example.org\r\nX-Slow: ")
        with httpx.Client(base_url=f"http://127.0.0.1:{proxy}", timeout=60) as client:
            answers = [client.get("/sparql", params={"query": "ASK { ?s ?p ?o }"}) for _ in range(20)]
        assert {answer.status_code for answer in answers} == {200}
        for connection in slow:
            with suppress(ConnectionResetError):
                assert connection.recv(4096) == b""


def status(port, target, headers=None):
    """The status of a request that may be larger than other clients send."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("GET", target, headers=headers or {})
        return connection.getresponse().status


def test_large_heads_are_refused(proxy):
    """A head larger than any query ends with 414 or 400 at the proxy; a query of the longest kind passes."""
    assert status(proxy, "/?x=" + "a" * 200_000) == 414
    assert status(proxy, "/", {"X-Large": "a" * 200_000}) == 400
    assert status(proxy, f"/sparql?query={quote('ASK { ?s ?p ?o } #' + 'a' * 60_000)}") == 200


def test_one_client_gets_its_share(proxy):
    """Requests far above the rate get 429, and no error of another kind."""
    with httpx.Client(base_url=f"http://127.0.0.1:{proxy}", timeout=60) as client:
        seen = [client.get("/health/live").status_code for _ in range(300)]
    assert set(seen) == {200, 429}


def test_counts_are_not_public(proxy):
    """Health and metrics are refused to whoever comes from elsewhere."""
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    with httpx.Client(base_url=f"http://127.0.0.1:{proxy}", timeout=60, transport=transport) as client:
        assert [client.get(path).status_code for path in ("/metrics", "/health", "/health/ready")] == [403] * 3
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 200


def test_many_at_once(proxy):
    """Twenty clients at a time are answered through the proxy's kept connections."""
    statuses = []

    def ask():
        statuses.append(httpx.get(f"http://127.0.0.1:{proxy}/sparql?query=ASK%7B%7D", timeout=60).status_code)

    asking = [threading.Thread(target=ask) for _ in range(20)]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert statuses == [200] * 20
