package dev.carillon.amqp;

import com.rabbitmq.client.AMQP.BasicProperties;

/**
 * A message as AMQP 0-9-1 carries it.
 *
 * @param properties what stands beside the body
 * @param body not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // messages are not compared, and a copy costs each event
public record AmqpMessage(BasicProperties properties, byte[] body) {}
