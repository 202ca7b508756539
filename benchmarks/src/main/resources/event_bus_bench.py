"""The event bus benchmark's job in Python, the way the original client does it: pyzmq, JSON, a queue,
callbacks. Publisher, proxy and subscriber are a process each; nothing is dropped.

Usage: event_bus_bench.py EVENTS    prints events per second
"""

import json
import multiprocessing
import queue
import sys
import threading
import time
from datetime import datetime, timezone

import zmq

TOPIC = b"my_service"


def no_drop(socket):
    socket.setsockopt(zmq.XPUB_NODROP, 1)
    return socket


def run_proxy(ports):
    context = zmq.Context()
    publishers = context.socket(zmq.XSUB)
    subscribers = no_drop(context.socket(zmq.XPUB))
    ports.put((publishers.bind_to_random_port("tcp://127.0.0.1"),
               subscribers.bind_to_random_port("tcp://127.0.0.1")))
    zmq.proxy(publishers, subscribers)


def run_publisher(port, events):
    context = zmq.Context()
    publisher = no_drop(context.socket(zmq.XPUB))
    publisher.connect(f"tcp://127.0.0.1:{port}")
    publisher.recv()
    for number in range(events):
        event = {"type": "updated", "time": datetime.now(timezone.utc).isoformat(),
                 "sent": number, "note": "x" * 160}
        publisher.send_multipart([TOPIC, json.dumps(event).encode()])
    publisher.close(linger=30_000)
    context.term()


def main(events):
    ports = multiprocessing.Queue()
    proxy = multiprocessing.Process(target=run_proxy, args=(ports,), daemon=True)
    proxy.start()
    publish, subscribe = ports.get()
    received = queue.Queue()
    counted = []
    callbacks = {"updated": [counted.append]}
    subscriber = zmq.Context().socket(zmq.SUB)
    subscriber.connect(f"tcp://127.0.0.1:{subscribe}")
    subscriber.setsockopt(zmq.SUBSCRIBE, TOPIC)

    def consume():
        for _ in range(events):
            _, payload = subscriber.recv_multipart()
            event = json.loads(payload)
            for callback in callbacks.get(event["type"], []):
                callback(event)
            received.put(event)

    consumer = threading.Thread(target=consume)
    consumer.start()
    publisher = multiprocessing.Process(target=run_publisher, args=(publish, events))
    publisher.start()
    received.get()
    started = time.perf_counter()
    for _ in range(events - 1):
        received.get()
    took = time.perf_counter() - started
    consumer.join()
    publisher.join()
    proxy.terminate()
    assert len(counted) == events
    print((events - 1) / took, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
