package dev.carillon.hub.eventgrid;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** A subscription as it is shown: what was asked for, its state and how far it has got. */
final class SubscriptionView {

  private SubscriptionView() {}

  static ObjectNode of(SubscriptionRecord record, SubscriptionStore store, Instant now) {
    ObjectNode view = EventGridFile.MAPPER.valueToTree(record.request());
    String name = String.valueOf(record.request().name());
    Instant expiry = record.request().expirationTimeUtc();
    boolean over = expiry != null && !now.isBefore(expiry);
    view.put(
        "provisioningState",
        over ? "Expired" : record.validated() ? "Succeeded" : "AwaitingManualAction");
    store.sizes(name).forEach(view::put);
    view.put("position", store.cursor(name, 0));
    SubscriptionRecord change = record.change();
    if (change != null) {
      view.set("awaitedChange", EventGridFile.MAPPER.valueToTree(change.request()));
    }
    return view;
  }
}
