"""
Sends and receives so many MiB at once over one connection, and prints the checksums of both, or, to measure, sends alone and
prints how many MiB a second were taken: transfer.py listen|ADDRESS exchange|measure MEBIBYTES
"""
import hashlib
import os
import socket
import sys
import threading
import time

PORT = 7000
MEBIBYTE = 1 << 20
where, what, count = sys.argv[1], sys.argv[2], int(sys.argv[3])


def connected():
    if where == 'listen':
        with socket.create_server(('', PORT)) as server:
            return server.accept()[0]
    while True:
        try:
            return socket.create_connection((where, PORT))
        except ConnectionRefusedError:
            time.sleep(0.05)


def exchange(link):
    block = bytearray(os.urandom(MEBIBYTE))
    sent, received = hashlib.sha256(), hashlib.sha256()

    def send():
        for number in range(count):
            block[:8] = number.to_bytes(8, 'big')
            sent.update(block)
            link.sendall(block)
        link.shutdown(socket.SHUT_WR)

    sender = threading.Thread(target=send)
    sender.start()
    while data := link.recv(MEBIBYTE):
        received.update(data)
    sender.join()
    print(sent.hexdigest(), received.hexdigest())


def measure(link):
    if where == 'listen':
        while link.recv(MEBIBYTE):
            pass
        link.sendall(b'.')
        return
    block = bytes(MEBIBYTE)
    begin = time.monotonic()
    for _ in range(count):
        link.sendall(block)
    link.shutdown(socket.SHUT_WR)
    link.recv(1)
    print(count / (time.monotonic() - begin))


{'exchange': exchange, 'measure': measure}[what](connected())
