package dev.carillon.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.SocketConfigurators;
import dev.carillon.core.EventConnectionException;
import java.io.IOException;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to connect. It keeps a grip on the socket, since closing that is the only thing that
 * wakes a thread stuck in writing to a peer that no longer reads.
 */
final class ConnectionAttempt {

  private final AmqpSettings settings;
  private final int messageBound;
  private final ExecutorService workers;
  private volatile @Nullable Socket socket;

  ConnectionAttempt(AmqpSettings settings, int messageBound, ExecutorService workers) {
    this.settings = settings;
    this.messageBound = messageBound;
    this.workers = workers;
  }

  /** Connects, in bounded time. */
  Connection connect() throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setConnectionTimeout(millis(settings.connectionTimeout()));
    factory.setHandshakeTimeout(millis(settings.socketTimeout()));
    factory.setChannelRpcTimeout(millis(settings.socketTimeout()));
    factory.setShutdownTimeout(millis(settings.socketTimeout()));
    factory.setMaxInboundMessageBodySize(messageBound);
    factory.setRequestedHeartbeat((int) settings.heartbeat().toSeconds());
    settings.url().applyTo(factory); // its parameters win
    if (settings.url().isTls()) {
      factory.useSslProtocol(sslContext());
      factory.enableHostnameVerification();
    }
    factory.setAutomaticRecoveryEnabled(false); // it would lose what is unconfirmed
    factory.setExceptionHandler(new QuietErrors());
    factory.setThreadFactory(ConnectionAttempt::daemon);
    factory.setSharedExecutor(workers);
    factory.setSocketConfigurator(
        SocketConfigurators.defaultConfigurator().andThen(made -> socket = made));
    return factory.newConnection(settings.name());
  }

  private SSLContext sslContext() throws IOException {
    SSLContext given = settings.sslContext();
    try {
      return given == null ? SSLContext.getDefault() : given;
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("the JVM has no TLS", e);
    }
  }

  /** Cuts the connection without farewell, whatever its threads are stuck in. */
  void cut() {
    Socket current = socket;
    if (current == null) {
      return;
    }
    try {
      // Without linger 0 a TLS socket waits for its writer, who may be stuck for good.
      current.setSoLinger(true, 0);
      current.close();
    } catch (IOException e) {
      AmqpLink.log.debug("closing the socket failed, so it is closed already", e);
    }
  }

  /** What kept an attempt from succeeding, in words, with the address masked. */
  EventConnectionException failure(Throwable thrown) {
    String message = "cannot connect to " + settings.url() + ": " + reason(thrown);
    return new EventConnectionException(message, false, thrown);
  }

  /** Whether trying again soon is hopeless: the broker is there and refuses by rule. */
  static boolean isRefusal(Throwable thrown) {
    if (thrown instanceof AuthenticationFailureException
        || thrown instanceof PossibleAuthenticationFailureException) {
      return true;
    }
    ShutdownSignalException signal = signal(thrown);
    return signal != null && signal.getReason() instanceof AMQP.Connection.Close;
  }

  /** Whether a connection ended since a message was larger than it takes. */
  static boolean isLargeMessage(ShutdownSignalException signal) {
    return signal.getCause() instanceof IllegalStateException; // as the library has it
  }

  /** The broker's own words where it has said something. */
  static String reason(Throwable thrown) {
    ShutdownSignalException signal = signal(thrown);
    if (signal != null) {
      Method said = signal.getReason();
      if (said instanceof AMQP.Connection.Close close) {
        return close.getReplyText();
      }
      if (said instanceof AMQP.Channel.Close close) {
        return close.getReplyText();
      }
      if (isLargeMessage(signal)) {
        return "a message is larger than it takes";
      }
      Throwable cause = signal.getCause();
      return cause == null || cause == thrown ? "the connection ended" : cause.toString();
    }
    if (thrown instanceof TimeoutException) {
      return "it does not answer";
    }
    return thrown.getMessage() == null
        ? thrown.getClass().getSimpleName()
        : String.valueOf(thrown.getMessage());
  }

  private static @Nullable ShutdownSignalException signal(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof ShutdownSignalException signal) {
        return signal;
      }
    }
    return null;
  }

  private static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "carillon-amqp-io");
    thread.setDaemon(true);
    return thread;
  }
}
