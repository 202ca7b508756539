package dev.carillon.amqp;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker is: {@code amqp://user:password@host:port/vhost}, or {@code amqps} for TLS, as the
 * AMQP URI specification of RabbitMQ has it. Left out are guest:guest, port 5672 (5671 with TLS)
 * and the virtual host {@code /}, which a single slash means as well. An {@code @} that does not
 * end the credentials must be percent-encoded. Printed without credentials and parameters.
 */
public final class AmqpUrl {

  private final URI uri;

  private AmqpUrl(URI uri) {
    this.uri = uri;
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException if it is none; the message masks credentials
   */
  public static AmqpUrl of(@Nullable String text) {
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException("the RabbitMQ URL is blank");
    }
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      // its message and its cause would print the text as it is
      throw new IllegalArgumentException("not a URL: " + mask(text) + " (" + e.getReason() + ")");
    }
    if (text.chars().filter(c -> c == '@').count() > (uri.getRawUserInfo() == null ? 0 : 1)) {
      // some of the credentials have become a path, and would be printed
      throw new IllegalArgumentException(
          "not a URL: "
              + mask(text)
              + " (/, #, ? and @ in user, password or path must be %-encoded)");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("amqp") || scheme.equals("amqps")) || uri.getHost() == null) {
      throw new IllegalArgumentException("not an amqp or amqps URL with a host: " + mask(text));
    }
    AmqpUrl url = new AmqpUrl(uri);
    url.applyTo(new ConnectionFactory());
    return url;
  }

  private static String mask(String text) {
    return text.replaceAll("(?s)^([A-Za-z]+://)?.*@", "$1***@").replaceAll("(?s)\\?.*", "?***");
  }

  /** Whether the connection is encrypted. */
  public boolean isTls() {
    return uri.getScheme().equalsIgnoreCase("amqps");
  }

  void applyTo(ConnectionFactory factory) {
    try {
      factory.setUri("/".equals(uri.getRawPath()) ? withoutPath() : uri);
    } catch (URISyntaxException | NoSuchAlgorithmException | KeyManagementException e) {
      throw new IllegalArgumentException(this + " cannot be used: " + nameOf(e));
    } catch (RuntimeException e) { // its message may print the credentials
      throw new IllegalArgumentException(this + " has a path or parameter that cannot be used");
    }
  }

  private static String nameOf(Exception e) {
    return e instanceof GeneralSecurityException ? e.toString() : e.getClass().getSimpleName();
  }

  private URI withoutPath() throws URISyntaxException {
    return new URI(uri.toString().replaceFirst("/(\\?|$)", "$1"));
  }

  /** The URL without its credentials and parameters. */
  @Override
  public String toString() {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String user = uri.getRawUserInfo() == null ? "" : "***@";
    return uri.getScheme() + "://" + user + uri.getHost() + port + path;
  }
}
