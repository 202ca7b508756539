package dev.carillon.eventgrid;

import dev.carillon.testkit.EventSinkContract;
import dev.carillon.testkit.HubPeer;
import dev.carillon.testkit.SinkPeer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The client keeps the contract in Event Grid's own schema. */
final class EventGridSchemaContractTest extends EventSinkContract {

  @TempDir private Path folder;

  @Override
  protected SinkPeer openPeer() {
    return new HubPeer(
        folder.resolve("data"), hub -> HubContract.open(hub, EventGridSchema.EVENT_GRID));
  }

  @Override
  protected int mostOutstanding() {
    return HubContract.MAX_PENDING + 64;
  }
}
