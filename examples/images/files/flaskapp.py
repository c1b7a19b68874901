"""The tutorial's application: it greets, and counts its visits in redis."""

import signal
import socket
import sys

# A container's first process dies of SIGTERM only where it asks for it, and Flask takes seconds to load on a busy machine.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

from flask import Flask, request
from redis import Redis, RedisError

app = Flask(__name__)
redis = Redis(host="redis", socket_connect_timeout=2, socket_timeout=2)


def own_address():
    """The address at which this request arrived."""
    connection = request.environ.get("werkzeug.socket")
    if connection is not None:
        return connection.getsockname()[0]
    return socket.gethostbyname(socket.gethostname())


def text(body, status):
    return body + "\n", status, {"Content-Type": "text/plain; charset=utf-8"}


@app.route("/")
def hello():
    try:
        visits = redis.incr("visits")
    except RedisError as error:
        return text(f"Visits cannot be counted: redis does not answer ({error})", 500)
    client = request.headers.get("X-Real-IP", request.remote_addr)
    return text(f"Hello World by {own_address()} from {client} ! 该页面已被访问 {visits} 次。", 200)


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000, threaded=True)
