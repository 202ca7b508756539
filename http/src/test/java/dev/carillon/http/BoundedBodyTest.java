package dev.carillon.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoundedBodyTest {

  private static final ResponseInfo OK =
      new ResponseInfo() {
        @Override
        public int statusCode() {
          return 200;
        }

        @Override
        public HttpHeaders headers() {
          return HttpHeaders.of(Map.of(), (name, value) -> true);
        }

        @Override
        public Version version() {
          return Version.HTTP_1_1;
        }
      };

  @Test
  void keepsNoBuffers() {
    BoundedBody body = new BoundedBody(OK, 10, System.nanoTime());
    byte[] large = "old".getBytes(UTF_8);

    body.onNext(List.of(ByteBuffer.wrap(large, 0, 1)));
    large[0] = 'n';
    body.onComplete();

    assertThat(body.getBody().toCompletableFuture())
        .isCompletedWithValueMatching(answer -> answer.text().equals("o"));
  }
}
