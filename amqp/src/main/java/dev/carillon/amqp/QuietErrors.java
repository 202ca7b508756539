package dev.carillon.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;

/** Leaves it to the link to tell of a connection that fell, once and with its address. */
final class QuietErrors extends ForgivingExceptionHandler {

  @Override
  public void handleUnexpectedConnectionDriverException(Connection connection, Throwable thrown) {
    AmqpLink.log.debug("the connection fell", thrown);
  }
}
