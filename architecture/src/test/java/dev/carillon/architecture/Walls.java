package dev.carillon.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How much of a module can be seen from outside: the package is the wall. */
final class Walls {

  private static final double MOST_PUBLIC = 0.40;

  /**
   * Small modules that are mostly their API: there the list is the wall, and adding to it is a
   * decision that a reader of the change sees.
   */
  private static final Map<String, Set<String>> LISTED =
      Map.ofEntries(
          listed(
              "amqp",
              """
              AmqpLink AmqpMessage AmqpSettings AmqpUrl Channels DeadLetters JsonEnvelope
              MessageFormat MessageReader
              """),
          listed(
              "analytics",
              """
              Acceptance AnalyticsClient AnalyticsClientBuilder AnalyticsEvent
              AnalyticsException AnalyticsNotFoundException AnalyticsQuery
              AnalyticsValidationException AsyncAnalyticsClient BufferFullException
              BufferPolicy ConversationMetadata ErrorCount EventBuffer EventUpdate FlushReport
              LatencyStats NameLatency SessionErrors SlowSession TimelineBucket Totals
              TrackedEvent
              """),
          listed(
              "eventgrid",
              """
              EventGridClient EventGridClientBuilder EventGridConfig EventGridCredential
              EventGridHttpException EventGridSchema EventGridTopicConfig TopicEvent
              """),
          listed(
              "hub.amqp",
              """
              AmqpIntake AmqpRecorder EmbeddedBroker
              """),
          listed(
              "hub.eventgrid",
              """
              Credentials EventGridSettings PortCertificate Refusal TopicAccess
              """),
          listed(
              "hub.store",
              """
              Analytics AnalyticsQuery AnalyticsStore AnalyticsWriter AnswerTooLargeException Batch
              DeadLetters
              EmbeddedAnalyticsStore EmbeddedEventLog EventFields EventLog EventVersion JsonBytes
              LogEntry LogFullException LogQuery LogStats LogUnavailableException Operation
              OperationLog OperationSource OperationsTooLargeException Page Readers StateMachine StoreBusyException StoredEvent
              """),
          listed(
              "http",
              """
              Answer BaseUrl HttpAnswers RequestHeaders RetryAfter
              """),
          listed(
              "observability",
              """
              MeteredSink
              """),
          listed(
              "resilience",
              """
              CircuitBreakerPolicy CircuitOpenException RateLimitPolicy Resilience
              ResilientSink RetryPolicy TimeoutPolicy
              """),
          listed(
              "schemas",
              """
              BookingEvent ClassEvent DomainEvent HubSchemas MembershipEvent PaymentEvent
              SchemaException SchemaRegistry Upcaster ValidatingSink WorkoutEvent
              """),
          listed(
              "sinks",
              """
              CoalescingPolicy CoalescingSink DomainPublisher EnrichingSink Enrichment
              EventTemplate TemplatePublisher
              """),
          listed(
              "zeromq",
              """
              AckProtocol Gzip Heartbeat KeyFile WakeUp WireTopics
              """));

  private Walls() {}

  private static Map.Entry<String, Set<String>> listed(String module, String types) {
    return Map.entry(module, Set.of(types.strip().split("\\s+")));
  }

  /**
   * What is wrong with a module: nothing when under 40 % of its top-level types are public, or only
   * listed ones.
   */
  static Optional<String> complaint(JavaClasses all, String root, String module) {
    List<JavaClass> types =
        all.stream()
            .filter(type -> type.getPackageName().equals(root + "." + module))
            .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
            .toList();
    List<String> open =
        types.stream()
            .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
            .map(JavaClass::getSimpleName)
            .sorted()
            .toList();
    boolean walled =
        open.isEmpty()
            || open.size() < MOST_PUBLIC * types.size()
            || LISTED.getOrDefault(module, Set.of()).containsAll(open);
    return walled
        ? Optional.empty()
        : Optional.of(
            "%s: %d of %d types are public: %s".formatted(module, open.size(), types.size(), open));
  }
}
