package org.resnet4j.server.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.server.ModelServer;
import org.resnet4j.server.TinyModel;

/** Tests of encrypted connections, with keys of every kind. */
@Timeout(120)
class ServerIdentityTest {
    @TempDir
    private static Path shared;

    /** Keys of each kind, and one more; {@code keytool} takes a second of processor time for each. */
    private static PemFiles rsa;

    private static PemFiles ec;
    private static PemFiles otherEc;
    private static PemFiles ed25519;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeKeys() throws Exception {
        rsa = PemFiles.make(shared, "rsa", "RSA");
        ec = PemFiles.make(shared, "ec", "EC");
        otherEc = PemFiles.make(shared, "other", "EC");
        ed25519 = PemFiles.make(shared, "ed25519", "Ed25519");
    }

    private static Stream<Arguments> pairs() {
        return Stream.of(Arguments.of(rsa, ec), Arguments.of(ec, otherEc), Arguments.of(ed25519, rsa));
    }

    private static HttpResponse<String> get(HttpClient client, ModelServer server) throws Exception {
        URI address = URI.create("https://127.0.0.1:" + server.port() + "/v2/health/ready");
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    private static HttpClient client(PemFiles files) throws Exception {
        return HttpClient.newBuilder().sslContext(files.trusting()).build();
    }

    private ModelServer server(Path certificate, Path key) throws IOException {
        return ModelServer.builder()
                .port(0)
                .model(TinyModel.save(folder.resolve("pets"), 1))
                .tls(certificate, key)
                .start();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void connectionsAreEncrypted(PemFiles files, PemFiles others) throws Exception {
        try (ModelServer server = server(files.certificate(), files.key());
                HttpClient client = client(files);
                HttpClient stranger = client(others)) {
            assertEquals(200, get(client, server).statusCode());
            assertThrows(IOException.class, () -> get(stranger, server));
            URI plain = URI.create("http://127.0.0.1:" + server.port() + "/v2/health/ready");
            assertThrows(
                    IOException.class,
                    () -> client.send(HttpRequest.newBuilder(plain).build(), BodyHandlers.ofString()));
        }
    }

    @Test
    void newFilesCountForNewConnections() throws Exception {
        Path certificate = Files.copy(ec.certificate(), folder.resolve("server.crt"));
        Path key = Files.copy(ec.key(), folder.resolve("server.key"));
        try (ModelServer server = server(certificate, key);
                HttpClient before = client(ec)) {
            assertEquals(200, get(before, server).statusCode());
            Files.copy(rsa.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(rsa.key(), key, StandardCopyOption.REPLACE_EXISTING);
            assertEquals("CN=rsa", subject(rsa, server));
            assertEquals(200, get(before, server).statusCode()); // on the connection that was open
        }
    }

    /** Returns the name in the certificate of a new connection, as soon as it is trusted. */
    private static String subject(PemFiles trusted, ModelServer server) throws Exception {
        while (true) {
            try (HttpClient client = client(trusted)) {
                var certificates =
                        get(client, server).sslSession().orElseThrow().getPeerCertificates();
                return ((X509Certificate) certificates[0])
                        .getSubjectX500Principal()
                        .getName();
            } catch (IOException stillTheOldOne) {
                Thread.sleep(50);
            }
        }
    }

    @Test
    void filesThatDoNotFitAreRefused() throws Exception {
        assertEquals(
                otherEc.key() + ": this is not the key of the certificate in " + ec.certificate(),
                message(ec.certificate(), otherEc.key()));
        assertTrue(message(ec.certificate(), rsa.key()).contains("this is not the key of "));
        assertTrue(message(ec.key(), ec.key()).startsWith(ec.key() + ": the certificates are not valid")
                || message(ec.key(), ec.key()).contains("there is no certificate"));
        assertEquals(
                ec.certificate() + ": there is no private key (BEGIN PRIVATE KEY) in it",
                message(ec.certificate(), ec.certificate()));
        Path old = folder.resolve("old.key");
        Files.writeString(old, Files.readString(rsa.key()).replace("PRIVATE KEY", "RSA PRIVATE KEY"));
        assertTrue(message(rsa.certificate(), old).contains("openssl pkcs8 -topk8 -nocrypt -in " + old));
        Path damaged = folder.resolve("damaged.key");
        Files.writeString(damaged, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertTrue(message(ec.certificate(), damaged)
                .startsWith(damaged + ": the private key is malformed, or none of RSA, EC or EdDSA"));
    }

    private static String message(Path certificate, Path key) {
        return assertThrows(IOException.class, () -> new ServerIdentity(certificate, key))
                .getMessage();
    }
}
