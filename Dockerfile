# The hub, built from this folder: docker build -t carillon-hub .
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN ./carillon help hub

FROM eclipse-temurin:17-jre
RUN useradd --system --create-home --home-dir /var/lib/carillon carillon
COPY --from=build /src/cli/target/lib /opt/carillon/lib
USER carillon
WORKDIR /var/lib/carillon
EXPOSE 8080
# As ./carillon runs a hub but for large pages; a container's own setting takes the place of all.
ENV JDK_JAVA_OPTIONS="-XX:+UseParallelGC -Xms384m -Xmx1g -XX:NewSize=64m -XX:MaxNewSize=192m \
-XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8"
ENTRYPOINT ["java", "-cp", "/opt/carillon/lib/*", "dev.carillon.cli.Main", "hub"]
