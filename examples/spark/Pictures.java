import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.apache.spark.sql.SparkSession;
import org.resnet4j.spark.PictureFiles;

/** Draws a folder of pictures for each of three shapes, and copies the pictures to Parquet. */
public final class Pictures {
    private static final int SIDE = 32;
    private static final int EACH = 100;

    private Pictures() {}

    /** Takes the folder to draw into and the folder of Parquet files to write. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        var random = new SplittableRandom(1);
        for (Kind kind : Kind.values()) {
            Path pictures = Files.createDirectories(folder.resolve(kind.name()));
            for (int i = 0; i < EACH; i++) {
                Path file = pictures.resolve("%03d.png".formatted(i));
                ImageIO.write(kind.draw(random), "png", file.toFile());
            }
        }
        SparkSession spark = SparkSession.builder().appName("pictures").getOrCreate();
        PictureFiles.toParquet(spark, folder.toString(), arguments[1]);
        spark.stop();
    }

    /** A class of pictures. */
    private enum Kind {
        circle(0),
        square(1 / 3f),
        triangle(2 / 3f);

        private final float hue;

        Kind(float hue) {
            this.hue = hue;
        }

        /** Draws the shape somewhere on a gray background, in a color near that of the class. */
        private BufferedImage draw(SplittableRandom random) {
            var picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
            Graphics2D canvas = picture.createGraphics();
            canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            canvas.setColor(Color.getHSBColor(0, 0, (float) random.nextDouble()));
            canvas.fillRect(0, 0, SIDE, SIDE);
            canvas.setColor(Color.getHSBColor(hue + (float) random.nextDouble(-0.15, 0.15), 0.8f, 0.9f));
            int size = random.nextInt(12, 22);
            canvas.fill(shape(random.nextInt(SIDE - size), random.nextInt(SIDE - size), size));
            canvas.dispose();
            return picture;
        }

        private Shape shape(int x, int y, int size) {
            return switch (this) {
                case circle -> new Ellipse2D.Float(x, y, size, size);
                case square -> new Rectangle2D.Float(x, y, size, size);
                case triangle ->
                    new Polygon(new int[] {x, x + size, x + size / 2}, new int[] {y + size, y + size, y}, 3);
            };
        }
    }
}
