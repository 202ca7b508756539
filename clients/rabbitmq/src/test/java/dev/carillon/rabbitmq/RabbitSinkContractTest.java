package dev.carillon.rabbitmq;

import dev.carillon.testkit.RemotePeer;
import dev.carillon.testkit.RemoteSinkContract;

/** The publisher keeps the contract on a real RabbitMQ, kills included. */
final class RabbitSinkContractTest extends RemoteSinkContract {

  @Override
  protected RemotePeer openPeer() {
    return new RabbitPeer();
  }

  @Override
  protected int mostOutstanding() {
    return RabbitPeer.MAX_PENDING;
  }
}
