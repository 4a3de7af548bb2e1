/** Prints what is on a picture. */
module com.example {
    requires org.resnet4j;
    requires jdk.incubator.vector; // without it everything works, many times slower
}
