package org.djlrunner.djl.script;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.djlrunner.djl.kernel.ArchiveWriter;
import org.djlrunner.djl.kernel.ScriptArchive;
import org.djlrunner.djl.kernel.ScriptSource;

/**
 * A TorchScript archive as PyTorch writes it: a zip of the classes' text, a pickle of the module,
 * and its tensors.
 *
 * <p>It is read anew whenever it is loaded, so it has to stay where it is until then. Loading
 * executes nothing but TorchScript.
 */
final class ExportedArchive implements ScriptSource {
  /** The attribute by which added methods reach the module. */
  static final String MODULE = "module";

  private static final String HOW_TO_EXPORT =
      "; export the model in Python with torch.jit.script(model).save(path)";
  private static final String CODE = "code/";
  private static final String PICKLE = ScriptArchive.OBJECT;

  /** Where lines of the text come from; no longer true once methods are added to it. */
  private static final String DEBUG = ".debug_pkl";

  private final Path file;
  private final String folder;
  private final String rootClass;
  private final Map<String, ScriptClass> classes;
  private final boolean asksForMode;

  private ExportedArchive(Path file, ZipFile zip) throws IOException {
    this.file = file;
    folder = folder(file, zip);
    rootClass = rootClass(file, read(zip, folder + PICKLE));
    classes = new HashMap<>();
    boolean asks = false;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String name = entry.getName();
      if (name.startsWith(folder + CODE) && name.endsWith(".py")) {
        String text = new String(read(zip, name), StandardCharsets.UTF_8);
        String path = name.substring((folder + CODE).length(), name.length() - ".py".length());
        ScriptClassReader.read(path.replace('/', '.'), text)
            .forEach(declared -> classes.put(declared.name(), declared));
        asks |= text.contains(".training\n");
      }
    }
    asksForMode = asks;
  }

  /**
   * Reads what an archive declares.
   *
   * @throws IOException if the file can't be read or is none; the message says how to make one
   */
  static ExportedArchive open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file + " does not exist");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return new ExportedArchive(file, zip);
    } catch (ZipException e) {
      throw new IOException(file + " is no TorchScript archive" + HOW_TO_EXPORT, e);
    }
  }

  Path file() {
    return file;
  }

  /** The class of the whole network. */
  ScriptClass root() throws IOException {
    return type(rootClass);
  }

  /** Whether any module does something else in training than in evaluation. */
  boolean asksForMode() {
    return asksForMode;
  }

  /** A class by its qualified name. */
  ScriptClass type(String name) throws IOException {
    ScriptClass type = classes.get(name);
    if (type == null) {
      throw new IOException(file + " names a class that it doesn't declare: " + name);
    }
    return type;
  }

  @Override
  public byte[] archive(String methods) throws IOException {
    byte[] text = new byte[0];
    byte[] object = new byte[0];
    try (ZipFile zip = new ZipFile(file.toFile());
        ArchiveWriter archive = new ArchiveWriter()) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        String name = entry.getName().substring(folder.length());
        byte[] content = read(zip, entry.getName());
        if (name.equals(ScriptArchive.TEXT)) {
          text = content;
        } else if (name.equals(ScriptArchive.OBJECT)) {
          object = content;
        } else if (!name.endsWith(DEBUG)) {
          archive.add(name, content);
        }
      }
      String module = "  " + MODULE + " : " + rootClass + "\n";
      archive.add(
          ScriptArchive.TEXT, ScriptArchive.concatenate(text, ScriptArchive.text(module, methods)));
      archive.add(
          ScriptArchive.OBJECT, ScriptArchive.object(ScriptArchive.attribute(MODULE, object)));
      return archive.finish();
    }
  }

  @Override
  public Optional<String> release() {
    return Optional.of(ModuleText.RELEASE);
  }

  private static String folder(Path file, ZipFile zip) throws IOException {
    List<String> pickles =
        Collections.list(zip.entries()).stream()
            .map(ZipEntry::getName)
            .filter(name -> name.equals(PICKLE) || name.matches("[^/]+/" + PICKLE))
            .toList();
    boolean hasCode =
        zip.stream().anyMatch(entry -> entry.getName().matches("(?:[^/]+/)?" + CODE + ".*\\.py"));
    if (pickles.size() != 1 || !hasCode) {
      throw new IOException(
          file
              + " holds no TorchScript code, as a file of weights from torch.save does"
              + HOW_TO_EXPORT);
    }
    String name = pickles.get(0);
    return name.substring(0, name.length() - PICKLE.length());
  }

  /** The pickle begins with the class of its object: {@code c}, its module, its name, by lines. */
  private static String rootClass(Path file, byte[] pickle) throws IOException {
    String text = new String(pickle, StandardCharsets.ISO_8859_1);
    String[] lines = text.split("\n", 3);
    if (lines.length < 3 || !lines[0].startsWith("\u0080\u0002c__torch__")) {
      throw new IOException(file + " holds no TorchScript module" + HOW_TO_EXPORT);
    }
    return lines[0].substring(3) + "." + lines[1];
  }

  private static byte[] read(ZipFile zip, String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new IOException(zip.getName() + " lacks its part " + name);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
