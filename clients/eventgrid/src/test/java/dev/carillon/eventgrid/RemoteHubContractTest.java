package dev.carillon.eventgrid;

import dev.carillon.testkit.HubPeer;
import dev.carillon.testkit.RemotePeer;
import dev.carillon.testkit.RemoteSinkContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The client keeps the contract at a hub in a process of its own, in CloudEvents. */
final class RemoteHubContractTest extends RemoteSinkContract {

  @TempDir private Path folder;

  @Override
  protected RemotePeer openPeer() {
    return new HubPeer(
        folder.resolve("data"), hub -> HubContract.open(hub, EventGridSchema.CLOUD_EVENTS));
  }

  @Override
  protected int mostOutstanding() {
    return HubContract.MAX_PENDING + 64;
  }
}
