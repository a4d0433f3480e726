package org.djlrunner.examples.report;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A report's page as a test reads it. The page is well-formed XML, which this holds too. */
final class Page {
  /** A point of a line, in the units of the drawing: y grows downwards. */
  record Place(double x, double y) {}

  private final Document document;

  private Page(Document document) {
    this.document = document;
  }

  static Page parse(String html) {
    try {
      return new Page(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader(html))));
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new AssertionError("the page is not well-formed: " + e.getMessage(), e);
    }
  }

  /** The texts of what an XPath finds. */
  List<String> texts(String path) {
    try {
      NodeList found =
          (NodeList)
              XPathFactory.newInstance()
                  .newXPath()
                  .evaluate(path, document, XPathConstants.NODESET);
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < found.getLength(); i++) {
        texts.add(found.item(i).getTextContent());
      }
      return texts;
    } catch (XPathExpressionException e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  /** The captions of the charts. */
  List<String> captions() {
    return texts("//figcaption");
  }

  /** The rows of the table that an XPath finds, each with its cells' texts. */
  List<List<String>> rows(String table) {
    int rows = texts(table + "//tr").size();
    List<List<String>> cells = new ArrayList<>();
    for (int row = 1; row <= rows; row++) {
      cells.add(texts("(" + table + "//tr)[" + row + "]/*"));
    }
    return cells;
  }

  /** The lines of the chart with a caption. */
  List<List<Place>> lines(String caption) {
    return texts(figure(caption) + "/*[@role='img']/polyline/@points").stream()
        .map(
            points ->
                Arrays.stream(points.split(" "))
                    .map(pair -> pair.split(","))
                    .map(xy -> new Place(Double.parseDouble(xy[0]), Double.parseDouble(xy[1])))
                    .toList())
        .toList();
  }

  /** The legend of the chart with a caption: a text each line. */
  List<String> legend(String caption) {
    return texts(figure(caption) + "/div[@class='legend']/span");
  }

  /** The XPath of the chart with a caption. */
  static String figure(String caption) {
    return "//figure[figcaption='" + caption + "']";
  }
}
