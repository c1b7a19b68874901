"""The tutorial's guestbook: entries are written to the master of redis, and read from its slaves."""

import os
import signal
import sys

# A container's first process dies of SIGTERM only where it asks for it, and Flask takes seconds to load on a busy machine.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

from flask import Flask, jsonify, request
from redis import Redis, RedisError

app = Flask(__name__)

PAGE = """<!doctype html>
<meta charset="utf-8">
<title>Guestbook</title>
<h1>Guestbook</h1>
<form id="form"><input id="entry" autofocus placeholder="Messages"> <button>Submit</button></form>
<ul id="entries"></ul>
<script>
const ask = async (query) => (await fetch('guestbook.php?' + new URLSearchParams(query))).json()
let entries = []
const show = () => {
  const items = entries.map((text) => {
    const item = document.createElement('li')
    item.textContent = text
    return item
  })
  document.querySelector('#entries').replaceChildren(...items)
}
document.querySelector('#form').addEventListener('submit', async (event) => {
  event.preventDefault()
  entries.push(document.querySelector('#entry').value)
  show()
  await ask({ cmd: 'set', key: 'messages', value: entries.join(',') })
})
ask({ cmd: 'get', key: 'messages' }).then(({ data }) => {
  entries = data ? data.split(',') : []
  show()
})
</script>
"""


def redis_at(service):
    """The Service by its variables, where these are asked for, else by its name."""
    host = service
    if os.environ.get("GET_HOSTS_FROM") == "env":
        host = os.environ[service.upper().replace("-", "_") + "_SERVICE_HOST"]
    return Redis(host=host, decode_responses=True, socket_connect_timeout=2, socket_timeout=2)


@app.route("/")
def page():
    return PAGE


@app.route("/guestbook.php")
def guestbook():
    key = request.args.get("key", "messages")
    try:
        if request.args.get("cmd") == "set":
            redis_at("redis-master").set(key, request.args.get("value", ""))
            return jsonify(message="Updated")
        return jsonify(data=redis_at("redis-slave").get(key) or "")
    except RedisError as error:
        return jsonify(message=f"redis does not answer ({error})"), 500


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=80, threaded=True)
