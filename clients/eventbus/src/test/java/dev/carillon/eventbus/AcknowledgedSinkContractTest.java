package dev.carillon.eventbus;

import dev.carillon.testkit.RemotePeer;
import dev.carillon.testkit.RemoteSinkContract;
import java.io.IOException;

/** The client keeps the contract at a proxy that answers for each event. */
final class AcknowledgedSinkContractTest extends RemoteSinkContract {

  @Override
  protected RemotePeer openPeer() throws IOException {
    return ProxyPeer.acknowledging();
  }
}
