/** Serving of models of resnet4j over HTTP and gRPC. */
module org.resnet4j.server {
    requires com.google.protobuf;
    requires io.grpc;
    requires io.grpc.okhttp;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires org.eclipse.jetty.server;
    requires org.resnet4j;
    requires tools.jackson.core;
    requires static org.jspecify;

    exports org.resnet4j.server;
}
