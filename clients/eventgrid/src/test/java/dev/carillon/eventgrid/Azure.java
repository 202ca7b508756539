package dev.carillon.eventgrid;

import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.messaging.eventgrid.EventGridPublisherAsyncClient;
import dev.carillon.testkit.HubProcess;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import javax.net.ssl.SSLContext;

/** What tests take from Azure's world: keys, signatures, trust. */
final class Azure {

  /** A key as Azure's are: base64. */
  static final String KEY = "Y2FyaWxsb24ncyBrZXkgZm9yIHRlc3RzIG9ubHkuLi4=";

  private Azure() {}

  /** The address of a topic on the hub's HTTP port. */
  static String http(HubProcess hub, String topic) {
    return at(hub.http(), topic);
  }

  /** The address of a topic on the hub's HTTPS port. */
  static String https(HubProcess hub, String topic) {
    return at(hub.eventGrid(), topic);
  }

  static String at(URI hub, String topic) {
    return hub + "/" + topic + "/api/events";
  }

  /** A signature by {@link #KEY}, good for so many seconds. */
  static String sas(String endpoint, long seconds) {
    return EventGridPublisherAsyncClient.generateSas(
        endpoint,
        new AzureKeyCredential(KEY),
        OffsetDateTime.now(ZoneOffset.UTC).plusSeconds(seconds));
  }

  static HttpClient httpClient(SSLContext context) {
    return new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder().sslContext(context))
        .build();
  }
}
