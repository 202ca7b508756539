# The hub, built from this folder: docker build -t carillon-hub .
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN ./carillon help hub

FROM eclipse-temurin:17-jre
# Numbers, by which a mounted folder is given to the hub, and Kubernetes knows that it is not root.
RUN groupadd --gid 10001 carillon \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/carillon carillon \
  && mkdir -p /var/lib/carillon \
  && chown 10001:10001 /var/lib/carillon
COPY --from=build /src/cli/target/lib /opt/carillon/lib
USER 10001:10001
WORKDIR /var/lib/carillon
VOLUME /var/lib/carillon
# Nobody reaches a container's loopback, so it asks for an API key rather than listen there.
ENV CARILLON_DATA=/var/lib/carillon CARILLON_BIND=0.0.0.0
EXPOSE 8080 8443
# As ./carillon runs a hub but for large pages; a container's own setting takes the place of all.
ENV JDK_JAVA_OPTIONS="-XX:+UseParallelGC -Xms384m -Xmx1g -XX:NewSize=64m -XX:MaxNewSize=192m \
-XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8"
ENTRYPOINT ["java", "-cp", "/opt/carillon/lib/*", "dev.carillon.cli.Main", "hub"]
