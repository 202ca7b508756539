"""A client of the event bus as existing services have it: pyzmq, JSON, a consumer thread, callbacks.

Usage: event_bus_client.py PUB_PORT SUB_PORT echo        answers events on "questions" on "answers"
       event_bus_client.py PUB_PORT SUB_PORT emit COUNT  emits events on "answers"
"""

import json
import queue
import sys
import threading
import time
from datetime import datetime, timezone

import zmq


def now_iso():
    return datetime.now(timezone.utc).isoformat()


class EventBusClient:
    def __init__(self, host="localhost", pub_port=5559, sub_port=5560):
        self.context = zmq.Context()
        self.publisher = self.context.socket(zmq.PUB)
        self.subscriber = self.context.socket(zmq.SUB)
        self.pub_address = f"tcp://{host}:{pub_port}"
        self.sub_address = f"tcp://{host}:{sub_port}"
        self.queue = queue.Queue()
        self.callbacks = {}
        self.stopped = threading.Event()
        self.consumer = None

    def connect(self):
        self.publisher.connect(self.pub_address)
        self.subscriber.connect(self.sub_address)
        time.sleep(1)

    def close(self):
        self.stopped.set()
        if self.consumer:
            self.consumer.join()
        self.publisher.close(linger=5000)
        self.subscriber.close(linger=0)
        self.context.term()

    def emit_event(self, event, topic):
        self.publisher.send_multipart([topic.encode(), json.dumps(event).encode()])

    def subscribe(self, topic):
        self.subscriber.setsockopt_string(zmq.SUBSCRIBE, topic)

    def attach_callback(self, event_type, callback):
        self.callbacks.setdefault(event_type, []).append(callback)

    def start_consumer(self):
        self.consumer = threading.Thread(target=self._consume)
        self.consumer.start()

    def _consume(self):
        while not self.stopped.is_set():
            if not self.subscriber.poll(100):
                continue
            topic, payload = self.subscriber.recv_multipart()
            event = json.loads(payload)
            for callback in self.callbacks.get(event["type"], []):
                callback(event)
            self.queue.put(event)

    def recv_event(self, timeout=0.5):
        try:
            return self.queue.get(timeout=timeout)
        except queue.Empty:
            return None


def echo(client):
    def answer(event):
        client.emit_event({**event, "type": "updated", "time": now_iso()}, topic="answers")

    client.subscribe("questions")
    client.attach_callback("started", answer)
    client.start_consumer()
    client.connect()
    print("ready", flush=True)
    while True:
        event = client.recv_event(timeout=30)
        if event is None or event["type"] == "stopped":
            return event is not None


def emit(client, count):
    client.connect()
    for number in range(count):
        client.emit_event({"type": "updated", "time": now_iso(), "number": number}, topic="answers")
    return True


if __name__ == "__main__":
    bus = EventBusClient(pub_port=int(sys.argv[1]), sub_port=int(sys.argv[2]))
    try:
        done = echo(bus) if sys.argv[3] == "echo" else emit(bus, int(sys.argv[4]))
    finally:
        bus.close()
    sys.exit(0 if done else 1)
