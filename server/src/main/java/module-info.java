/** Serving of models of resnet4j over HTTP. */
module org.resnet4j.server {
    requires org.eclipse.jetty.server;
    requires org.resnet4j;
    requires tools.jackson.core;
    requires static org.jspecify;

    exports org.resnet4j.server;
}
