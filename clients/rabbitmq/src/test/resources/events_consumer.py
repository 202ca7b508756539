"""A consumer in another language: prints each message of a queue as one line of JSON."""

import json
import sys

import pika

url, queue, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
connection = pika.BlockingConnection(pika.URLParameters(url))
channel = connection.channel()
for method, properties, body in channel.consume(queue, inactivity_timeout=30):
    if method is None:
        sys.exit("no message came in 30 seconds")
    print(
        json.dumps(
            {
                "routing_key": method.routing_key,
                "exchange": method.exchange,
                "delivery_mode": properties.delivery_mode,
                "content_type": properties.content_type,
                "message_id": properties.message_id,
                "type": properties.type,
                "app_id": properties.app_id,
                "timestamp": properties.timestamp,
                "headers": properties.headers,
                "body": json.loads(body),
            }
        )
    )
    channel.basic_ack(method.delivery_tag)
    count -= 1
    if count == 0:
        break
connection.close()
