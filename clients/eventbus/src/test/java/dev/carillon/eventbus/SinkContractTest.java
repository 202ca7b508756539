package dev.carillon.eventbus;

import dev.carillon.testkit.RemotePeer;
import dev.carillon.testkit.RemoteSinkContract;
import java.io.IOException;

/** The client keeps the contract on a plain bus, where a receipt says that an event was sent. */
final class SinkContractTest extends RemoteSinkContract {

  @Override
  protected RemotePeer openPeer() throws IOException {
    return ProxyPeer.plain();
  }

  /**
   * What the network itself holds while the proxy takes nothing in was sent, and is not under way.
   */
  @Override
  protected int mostOutstanding() {
    return 60_000;
  }
}
