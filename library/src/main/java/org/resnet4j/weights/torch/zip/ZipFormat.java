package org.resnet4j.weights.torch.zip;

/** The constants of the zip format: the signature of each record, and its length without names and extra fields. */
final class ZipFormat {
    static final int LOCAL_SIGNATURE = 0x04034b50;
    static final int LOCAL_BYTES = 30;
    static final int CENTRAL_SIGNATURE = 0x02014b50;
    static final int CENTRAL_BYTES = 46;
    static final int END_SIGNATURE = 0x06054b50;
    static final int END_BYTES = 22;
    static final int END64_SIGNATURE = 0x06064b50;
    static final int END64_BYTES = 56;
    static final int LOCATOR_SIGNATURE = 0x07064b50;
    static final int LOCATOR_BYTES = 20;

    /** The extra field for numbers of more than 32 bits. */
    static final int ZIP64_EXTRA = 1;

    private ZipFormat() {}
}
