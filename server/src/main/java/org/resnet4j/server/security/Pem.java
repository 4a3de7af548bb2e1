package org.resnet4j.server.security;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.resnet4j.weights.MalformedFileException;

/** Certificates and private keys in the text format of RFC 7468. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    /** The algorithms of keys with a signature that each can make. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private static final long LARGEST = 1 << 20;

    private Pem() {}

    /** Returns the certificates of a file, in its order. */
    static X509Certificate[] certificates(Path file) throws IOException {
        try {
            var found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(content(file)))
                    .toArray(X509Certificate[]::new);
            if (found.length == 0) {
                throw new MalformedFileException(file, "there is no certificate (BEGIN CERTIFICATE) in it");
            }
            return found;
        } catch (CertificateException malformed) {
            var failure = new MalformedFileException(file, "the certificates are not valid: " + malformed.getMessage());
            failure.initCause(malformed);
            throw failure;
        }
    }

    /** Returns the private key of a file. */
    static PrivateKey privateKey(Path file) throws IOException {
        Matcher matcher = BLOCK.matcher(new String(content(file), StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            String kind = matcher.group(1);
            if (kind.equals("PRIVATE KEY")) {
                return key(file, Base64.getMimeDecoder().decode(matcher.group(2)));
            }
            if (kind.endsWith("PRIVATE KEY")) {
                throw new MalformedFileException(
                        file,
                        "this is a '" + kind + "'; convert it with: openssl pkcs8 -topk8 -nocrypt -in " + file
                                + " -out NEW");
            }
        }
        throw new MalformedFileException(file, "there is no private key (BEGIN PRIVATE KEY) in it");
    }

    private static PrivateKey key(Path file, byte[] encoded) throws IOException {
        var spec = new PKCS8EncodedKeySpec(encoded);
        var reasons = new ArrayList<String>();
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException other) {
                reasons.add(algorithm + ": " + other.getMessage());
            } catch (GeneralSecurityException failure) {
                throw new IOException(file + " cannot be used: " + failure.getMessage(), failure);
            }
        }
        throw new MalformedFileException(
                file, "the private key is malformed, or none of RSA, EC or EdDSA (" + reasons + ")");
    }

    /** Returns true if a signature of one key is valid for the other. */
    static boolean isPair(PublicKey open, PrivateKey secret) throws GeneralSecurityException {
        String algorithm = SIGNATURES.get(secret.getAlgorithm());
        if (algorithm == null
                || !SIGNATURES.getOrDefault(open.getAlgorithm(), "").equals(algorithm)) {
            return false;
        }
        byte[] text = "resnet4j".getBytes(StandardCharsets.UTF_8);
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(secret);
        signing.update(text);
        Signature checking = Signature.getInstance(algorithm);
        checking.initVerify(open);
        checking.update(text);
        return checking.verify(signing.sign());
    }

    private static byte[] content(Path file) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new MalformedFileException(file, "this is too large for a PEM file");
        }
        return Files.readAllBytes(file);
    }
}
