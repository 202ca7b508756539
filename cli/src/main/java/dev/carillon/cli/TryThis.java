package dev.carillon.cli;

import java.io.PrintWriter;

/** Commands to try while the demo's hub is up. */
final class TryThis {

  private final DemoHub hub;

  TryThis(DemoHub hub) {
    this.hub = hub;
  }

  void print(PrintWriter out) {
    out.printf(
        """

        The hub stays up until Ctrl-C. Try:

          curl '%1$s/api/events?limit=3'
          curl -N '%1$s/api/events/stream'
          curl -X POST -H 'Content-Type: application/json' \\
            -d '{"topic":"quality.*"}' '%1$s/api/v2.0/QueryService/Events?limit=3'
          ./carillon publish dataservices --url %1$s --topic sample.received \\
            --subject sample-5001 --data '{"status":"pending_processing"}' --tag intake
          ./carillon query top-errors --url %1$s --limit 5
          ./carillon query conversation --url %1$s conv_001
          ./carillon listen eventbus --sub-port %3$d --topic my_service
          ./carillon publish eventbus --pub-port %2$d --topic my_service \\
            --type started --data '{"step":1}'
          ./carillon publish eventgrid --endpoint %4$s --topic user-events \\
            --key ZGVtbw== --trust %5$s \\
            --type user.created --subject users/1 --data '{"plan":"premium"}'
          ./carillon listen rabbitmq --url %6$s --binding 'workout.*'
          ./carillon publish rabbitmq --url %6$s --organization-id gym-1 \\
            --type workout.created --data '{"workout_id":"123","title":"Morning Yoga"}'
          curl '%1$s/metrics'
        """,
        hub.http(),
        hub.busPort("publish"),
        hub.busPort("subscribe"),
        hub.eventGrid(),
        hub.certificate(),
        hub.amqpUrl());
    out.flush();
  }
}
