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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.server.ModelServer;
import org.resnet4j.server.TinyModel;

/** Tests of encrypted connections, with keys of every kind. */
@Timeout(120)
class ServerIdentityTest {
    @TempDir
    private Path folder;

    private static HttpResponse<String> get(HttpClient client, ModelServer server) throws Exception {
        URI address = URI.create("https://127.0.0.1:" + server.port() + "/v2/health/ready");
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    private static HttpClient client(PemFiles files) throws Exception {
        return HttpClient.newBuilder().sslContext(files.trusting()).build();
    }

    private ModelServer server(PemFiles files) throws IOException {
        return ModelServer.builder()
                .port(0)
                .model(TinyModel.save(folder.resolve("pets"), 1))
                .tls(files.certificate(), files.key())
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void connectionsAreEncrypted(String algorithm) throws Exception {
        PemFiles files = PemFiles.make(folder, "one", algorithm);
        try (ModelServer server = server(files);
                HttpClient client = client(files);
                HttpClient stranger = client(PemFiles.make(folder, "other", algorithm))) {
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
        PemFiles first = PemFiles.make(folder, "first", "EC");
        PemFiles second = PemFiles.make(folder, "second", "RSA");
        try (ModelServer server = server(first);
                HttpClient before = client(first)) {
            assertEquals(200, get(before, server).statusCode());
            Files.move(second.certificate(), first.certificate(), StandardCopyOption.REPLACE_EXISTING);
            Files.move(second.key(), first.key(), StandardCopyOption.REPLACE_EXISTING);
            assertEquals("CN=second", subject(second, server));
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
        PemFiles one = PemFiles.make(folder, "one", "EC");
        PemFiles other = PemFiles.make(folder, "other", "EC");
        assertEquals(
                other.key() + ": this is not the key of the certificate in " + one.certificate(),
                message(one.certificate(), other.key()));
        PemFiles rsa = PemFiles.make(folder, "rsa", "RSA");
        assertTrue(message(one.certificate(), rsa.key()).contains("this is not the key of "));
        assertTrue(message(one.key(), one.key()).startsWith(one.key() + ": the certificates are not valid")
                || message(one.key(), one.key()).contains("there is no certificate"));
        assertEquals(
                one.certificate() + ": there is no private key (BEGIN PRIVATE KEY) in it",
                message(one.certificate(), one.certificate()));
        Path old = folder.resolve("old.key");
        Files.writeString(old, Files.readString(rsa.key()).replace("PRIVATE KEY", "RSA PRIVATE KEY"));
        assertTrue(message(rsa.certificate(), old).contains("openssl pkcs8 -topk8 -nocrypt -in " + old));
        Path damaged = folder.resolve("damaged.key");
        Files.writeString(damaged, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertTrue(message(one.certificate(), damaged)
                .startsWith(damaged + ": the private key is malformed, or none of RSA, EC or EdDSA"));
    }

    private static String message(Path certificate, Path key) {
        return assertThrows(IOException.class, () -> new ServerIdentity(certificate, key))
                .getMessage();
    }
}
