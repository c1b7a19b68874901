"""For each Page a Deployment and a Service: looks at all there is, makes it so, and waits until something changes."""

import json
import os
import ssl
import threading
import time
import urllib.request

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
API = f"https://{os.environ['KUBERNETES_SERVICE_HOST']}:{os.environ['KUBERNETES_SERVICE_PORT']}"
NAMESPACE = os.environ["MY_POD_NAMESPACE"]
PAGES = f"/apis/example.com/v1/namespaces/{NAMESPACE}/pages"
DEPLOYMENTS = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
SERVICES = f"/api/v1/namespaces/{NAMESPACE}/services"
TLS = ssl.create_default_context(cafile=f"{ACCOUNT}/ca.crt")

changed = threading.Event()


def ask(method, path, body=None, kind="application/json"):
    with open(f"{ACCOUNT}/token") as token:
        headers = {"Authorization": f"Bearer {token.read()}", "Content-Type": kind}
    data = None if body is None else json.dumps(body).encode()
    return urllib.request.urlopen(
        urllib.request.Request(API + path, data, headers, method=method), context=TLS
    )


def apply(path, body):
    """Says what is wanted of an object, and leaves to the API what of it is new."""
    name = body["metadata"]["name"]
    ask("PATCH", f"{path}/{name}?fieldManager=page-operator&force=true", body, "application/apply-patch+yaml")


def make(page):
    name, spec = page["metadata"]["name"], page["spec"]
    labels = {"page": name}
    owner = {"apiVersion": page["apiVersion"], "kind": page["kind"], "name": name, "uid": page["metadata"]["uid"]}
    metadata = {"name": name, "labels": labels, "ownerReferences": [{**owner, "controller": True}]}
    container = {
        "name": "page",
        "image": "busybox",
        "command": ["sh", "-c", 'echo "$TEXT" > /tmp/index.html; exec httpd -f -p 80 -h /tmp'],
        "env": [{"name": "TEXT", "value": spec["text"]}],
        "readinessProbe": {"tcpSocket": {"port": 80}, "periodSeconds": 1},
    }
    pod = {"terminationGracePeriodSeconds": 1, "containers": [container]}
    deployment = {
        "replicas": spec["replicas"],
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
    }
    service = {"selector": labels, "ports": [{"port": 80}]}
    apply(DEPLOYMENTS, {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": deployment})
    apply(SERVICES, {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": service})
    ready = json.load(ask("GET", f"{DEPLOYMENTS}/{name}"))["status"].get("readyReplicas", 0)
    if page.get("status", {}).get("ready") != ready:
        status = {"status": {"ready": ready}}
        ask("PATCH", f"{PAGES}/{name}/status", status, "application/merge-patch+json")


def watch(path):
    """Tells of whatever happens there, from now on and for ever."""
    while True:
        try:
            for _ in ask("GET", f"{path}?watch=true"):
                changed.set()
        except OSError as error:
            print(f"watching {path}: {error}", flush=True)
            time.sleep(1)
        changed.set()


for path in (PAGES, DEPLOYMENTS):
    threading.Thread(target=watch, args=(path,), daemon=True).start()
while True:
    changed.wait()
    changed.clear()
    try:
        for page in json.load(ask("GET", PAGES))["items"]:
            if "deletionTimestamp" not in page["metadata"]:
                make(page)
    except OSError as error:
        print(f"tried again: {error}", flush=True)
        time.sleep(1)
        changed.set()
