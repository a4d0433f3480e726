package org.djlrunner.djl.data;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.imageio.ImageIO;

/** Draws a batch's images side by side, each with its caption below. */
public final class ContactSheet {
  /** Small images are enlarged by whole factors up to about this width. */
  private static final int LEAST_WIDTH = 96;

  private static final int GAP = 6;
  private static final int LINE = 16;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 11);

  private final BatchPreview batch;
  private final int scale;
  private final int columns;

  /** A sheet, about as wide as it is high. */
  public ContactSheet(BatchPreview batch) {
    this.batch = batch;
    int width = batch.shape().width();
    this.scale = Math.max(1, (LEAST_WIDTH + width - 1) / width);
    double cells = (double) batch.images().size() * cellHeight() / cellWidth();
    this.columns = Math.max(1, Math.min(batch.images().size(), (int) Math.round(Math.sqrt(cells))));
  }

  /** The picture. */
  public BufferedImage draw() {
    int count = batch.images().size();
    int rows = Math.max(1, (count + columns - 1) / columns);
    BufferedImage sheet =
        new BufferedImage(
            columns * cellWidth() + GAP, rows * cellHeight() + GAP, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = sheet.createGraphics();
    try {
      canvas.setColor(Color.WHITE);
      canvas.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
      canvas.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      for (int i = 0; i < count; i++) {
        draw(canvas, i, GAP + i % columns * cellWidth(), GAP + i / columns * cellHeight());
      }
    } finally {
      canvas.dispose();
    }
    return sheet;
  }

  /**
   * Writes the picture as a PNG, in one go: there is never half a file.
   *
   * @throws IOException if the file can't be written
   */
  public void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    // No temporary file of the system's, which only its owner could read.
    Path beside = file.resolveSibling(file.getFileName() + ".part");
    try {
      ImageIO.write(draw(), "png", beside.toFile());
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private void draw(Graphics2D canvas, int index, int x, int y) {
    ImageShape shape = batch.shape();
    canvas.drawImage(
        image(batch.images().get(index), shape),
        x,
        y,
        shape.width() * scale,
        shape.height() * scale,
        null);
    canvas.setColor(Color.BLACK);
    canvas.setFont(FONT);
    canvas.drawString(
        fitting(batch.captions().get(index), canvas.getFontMetrics()),
        x,
        y + shape.height() * scale + LINE - 4);
  }

  /** As much of a caption as there is room for. */
  private String fitting(String caption, FontMetrics metrics) {
    int room = batch.shape().width() * scale;
    if (metrics.stringWidth(caption) <= room) {
      return caption;
    }
    int end = caption.length();
    while (end > 1 && metrics.stringWidth(caption.substring(0, end) + "…") > room) {
      end--;
    }
    return caption.substring(0, end) + "…";
  }

  private static BufferedImage image(ByteBuffer pixels, ImageShape shape) {
    BufferedImage image =
        new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    int channels = shape.channels();
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        int at = (y * shape.width() + x) * channels;
        int red = pixels.get(at) & 0xFF;
        int green = channels == 3 ? pixels.get(at + 1) & 0xFF : red;
        int blue = channels == 3 ? pixels.get(at + 2) & 0xFF : red;
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  private int cellWidth() {
    return batch.shape().width() * scale + GAP;
  }

  private int cellHeight() {
    return batch.shape().height() * scale + LINE + GAP;
  }
}
