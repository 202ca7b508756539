package dev.carillon.hub.server;

import dev.carillon.hub.eventgrid.EventGridSettings;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The hub's flags for Event Grid. */
final class EventGridOptions {

  @Option(
      names = "--eventgrid-port",
      paramLabel = "PORT",
      description =
          "HTTPS port for Event Grid clients, 0 for a free one, -1 for none"
              + " (CARILLON_EVENTGRID_PORT; default: 8443). Topics are at /TOPIC/api/events there"
              + " and on the HTTP port.")
  private int port = 8443;

  @Option(
      names = "--eventgrid-cert",
      paramLabel = "FILE",
      description =
          "Certificate of that port, PEM (CARILLON_EVENTGRID_CERT; default: one for this machine,"
              + " made at the first start).")
  private @Nullable Path certificate;

  @Option(
      names = "--eventgrid-cert-key",
      paramLabel = "FILE",
      description = "Its key, PEM in PKCS #8 (CARILLON_EVENTGRID_CERT_KEY).")
  private @Nullable Path key;

  @Option(
      names = "--eventgrid-config",
      paramLabel = "FILE",
      description =
          "JSON file of topics, their keys and subscriptions (CARILLON_EVENTGRID_CONFIG; default:"
              + " topics come into being on first use, with the hub's key).")
  private @Nullable Path file;

  @Option(
      names = "--eventgrid-issuer",
      paramLabel = "ISSUER",
      description = "Whose bearer tokens are taken (CARILLON_EVENTGRID_ISSUER; default: nobody's).")
  private @Nullable String issuer;

  @Option(
      names = "--eventgrid-jwks",
      paramLabel = "URL|FILE",
      description = "Where that issuer's keys are, a JWK set (CARILLON_EVENTGRID_JWKS).")
  private @Nullable String keys;

  @Option(
      names = "--eventgrid-audience",
      paramLabel = "AUDIENCE",
      description =
          "Whom bearer tokens must be for (CARILLON_EVENTGRID_AUDIENCE; default: "
              + EventGridSettings.Bearer.AZURE_AUDIENCE
              + ").")
  private String audience = EventGridSettings.Bearer.AZURE_AUDIENCE;

  @Option(
      names = "--eventgrid-token",
      paramLabel = "TOKEN",
      description =
          "A bearer token for development, compared as it is (CARILLON_EVENTGRID_TOKEN; default:"
              + " none).")
  private @Nullable String token;

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description =
          "Where webhooks reach this hub, such as https://hub.example:8443, for validation and in"
              + " its certificate (CARILLON_PUBLIC_URL; default: the address it listens on).")
  private @Nullable URI publicUrl;

  @Option(
      names = "--eventgrid-private-targets",
      fallbackValue = "true",
      description =
          "Let webhooks be on this machine, in private networks and without TLS"
              + " (CARILLON_EVENTGRID_PRIVATE_TARGETS, true or false; default: refuse them).")
  private boolean privateTargets;

  @Option(
      names = "--eventgrid-time-scale",
      paramLabel = "FACTOR",
      hidden = true,
      description = "How much faster delivery's time runs, for tests.")
  private double timeScale = 1;

  EventGridOptions() {}

  /**
   * The settings that the flags make.
   *
   * @throws IllegalArgumentException with a text fit for a person
   */
  EventGridSettings settings() {
    if (port < -1 || port > 65535) {
      throw new IllegalArgumentException("--eventgrid-port is not a port: " + port);
    }
    return new EventGridSettings(
        port == -1 ? null : Integer.valueOf(port),
        certificate,
        key,
        file,
        new EventGridSettings.Bearer(issuer, keys, audience, token),
        publicUrl,
        privateTargets,
        timeScale);
  }
}
