package org.resnet4j.training.log;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.ValidationMetrics;
import org.resnet4j.weights.MalformedFileException;

/**
 * A CSV file with one row for each epoch, readable by spreadsheets: commas, decimal points, a header, no quotes.
 * Validation cells are empty without validation. The file is replaced as a whole after every epoch. A resumed run keeps
 * the rows of completed epochs and rewrites the others.
 */
public final class MetricsFile implements TrainingListener {
    private static final String HEADER =
            "epoch,learningRate,trainLoss,trainTop1,validationLoss,top1,top5,imagesPerSecond,waitSeconds,seconds";
    private static final MathContext PRECISION = new MathContext(6);
    /** Far more than the rows of any run. */
    private static final long MAX_BYTES = 64L << 20;

    private final Path file;
    private final List<String> rows = new ArrayList<>();

    /** Creates a listener that writes to this file; a new run replaces its content. */
    public MetricsFile(Path file) {
        this.file = file;
    }

    /**
     * Writes at the start of a run and after every epoch.
     *
     * @throws MalformedFileException if a run is resumed and the file is not a metrics file
     */
    @Override
    public void on(TrainingEvent event) throws IOException {
        switch (event) {
            case TrainingEvent.Started start -> {
                rows.clear();
                if (start.completedEpochs() > 0 && Files.exists(file)) {
                    keepRows(start.completedEpochs());
                }
                write();
            }
            case TrainingEvent.EpochCompleted epoch -> {
                rows.add(row(epoch.metrics()));
                write();
            }
            default -> {
                // Nothing to write for other events.
            }
        }
    }

    private void keepRows(int completedEpochs) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedFileException(file, MAX_BYTES, "longer than any metrics file");
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException binary) {
            throw new MalformedFileException(file, "not a text file in UTF-8");
        }
        if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
            throw new MalformedFileException(file, 0, "expected the header " + HEADER);
        }
        long offset = 0;
        for (String line : lines) {
            if (offset > 0 && epoch(line, offset) <= completedEpochs) {
                rows.add(line);
            }
            offset += line.length() + 1;
        }
    }

    private int epoch(String line, long offset) throws MalformedFileException {
        String cell = line.substring(0, Math.max(0, line.indexOf(',')));
        if (cell.isEmpty() || cell.length() > 9 || !cell.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedFileException(
                    file, offset, "expected a row that begins with an epoch, found '" + line + "'");
        }
        return Integer.parseInt(cell);
    }

    private static String row(EpochMetrics metrics) {
        ValidationMetrics validation = metrics.validation();
        return String.join(
                ",",
                Integer.toString(metrics.epoch()),
                cell(metrics.learningRate()),
                cell(metrics.trainLoss()),
                cell(metrics.trainTop1()),
                validation == null ? "" : cell(validation.loss()),
                validation == null ? "" : cell(validation.top1()),
                validation == null ? "" : cell(validation.top5()),
                cell(metrics.imagesPerSecond()),
                cell(metrics.waitSeconds()),
                cell(metrics.seconds()));
    }

    /** Formats a number with six significant digits, without an exponent. */
    private static String cell(double value) {
        return new BigDecimal(value).round(PRECISION).stripTrailingZeros().toPlainString();
    }

    private void write() throws IOException {
        var text = new StringBuilder(HEADER).append('\n');
        for (String row : rows) {
            text.append(row).append('\n');
        }
        AtomicFile.write(file, text.toString());
    }
}
