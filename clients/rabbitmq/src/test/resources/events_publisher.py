"""A publisher as the services around RabbitMQ have it: fitviz_events over pika, in brief."""

import json
import sys
import uuid
from datetime import datetime

import pika

url, exchange, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
connection = pika.BlockingConnection(pika.URLParameters(url))
channel = connection.channel()
channel.exchange_declare(exchange=exchange, exchange_type="topic", durable=True)
for number in range(count):
    event_type = ("workout.created", "class.cancelled")[number % 2]
    event = {
        "event_id": str(uuid.uuid4()),
        "event_type": event_type,
        "organization_id": "gym-1",
        "timestamp": datetime.utcnow().isoformat(),
        "data": {"workout_id": str(number), "title": "Spinning für Anfänger"},
    }
    channel.basic_publish(
        exchange=exchange,
        routing_key=event_type,
        body=json.dumps(event),
        properties=pika.BasicProperties(delivery_mode=2, content_type="application/json"),
    )
connection.close()
