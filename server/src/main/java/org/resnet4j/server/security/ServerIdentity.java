package org.resnet4j.server.security;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.resnet4j.weights.MalformedFileException;

/**
 * The certificate and the key of a server, from two PEM files. When the files change, new connections use the new ones;
 * connections that are open go on.
 */
public final class ServerIdentity {
    private static final char[] NO_PASSWORD = {};

    private final AtomicInteger generation = new AtomicInteger();
    private final WatchedFiles<X509ExtendedKeyManager> current;

    /** The key manager before the current one, for handshakes that began with it. */
    private volatile @Nullable X509ExtendedKeyManager previous;

    private volatile @Nullable X509ExtendedKeyManager latest;

    /**
     * Reads the files.
     *
     * @param certificate the certificate of the server, followed by those of the authorities between it and the root
     * @param key the private key, unencrypted, as PKCS #8 ({@code BEGIN PRIVATE KEY})
     * @throws IOException if a file cannot be read or is malformed, or if the two do not belong together; the message names
     *     the file
     */
    public ServerIdentity(Path certificate, Path key) throws IOException {
        current = new WatchedFiles<>(List.of(certificate, key), () -> read(certificate, key));
    }

    private X509ExtendedKeyManager read(Path certificateFile, Path keyFile) throws IOException {
        X509Certificate[] chain = Pem.certificates(certificateFile);
        PrivateKey key = Pem.privateKey(keyFile);
        try {
            if (!Pem.isPair(chain[0].getPublicKey(), key)) {
                throw new MalformedFileException(
                        keyFile, "this is not the key of the certificate in " + certificateFile);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server" + generation.incrementAndGet(), key, NO_PASSWORD, chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, NO_PASSWORD);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509ExtendedKeyManager extended) {
                    previous = latest;
                    latest = extended;
                    return extended;
                }
            }
            throw new IOException("this Java has no key manager for X.509");
        } catch (GeneralSecurityException failure) {
            throw new IOException(
                    certificateFile + " and " + keyFile + " cannot be used: " + failure.getMessage(), failure);
        }
    }

    /** Returns a context for encrypted connections, whose keys follow the files. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Following()}, null, null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Chooses keys from the current files, and finds those that were chosen just before the files changed. */
    private final class Following extends X509ExtendedKeyManager {
        private X509ExtendedKeyManager holder(String alias) {
            X509ExtendedKeyManager now = current.value();
            X509ExtendedKeyManager before = previous;
            return now.getPrivateKey(alias) == null && before != null ? before : now;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
            return current.value().chooseEngineServerAlias(keyType, issuers, engine);
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
            return current.value().chooseServerAlias(keyType, issuers, socket);
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            return current.value().getServerAliases(keyType, issuers);
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            return holder(alias).getCertificateChain(alias);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            return holder(alias).getPrivateKey(alias);
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }
    }
}
