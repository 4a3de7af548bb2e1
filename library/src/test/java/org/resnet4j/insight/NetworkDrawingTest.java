package org.resnet4j.insight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.tensor.ShapeMismatchException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class NetworkDrawingTest {
    /** The approximate width of a letter at 13 pixels. */
    private static final double LETTER = 6.6;

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Element> elements(Document document, String name, String kind) {
        var found = new ArrayList<Element>();
        var all = document.getElementsByTagName(name);
        for (int i = 0; i < all.getLength(); i++) {
            var element = (Element) all.item(i);
            if (element.getAttribute("class").equals(kind)) {
                found.add(element);
            }
        }
        return found;
    }

    private static List<String> texts(Document document) {
        var texts = new ArrayList<String>();
        var all = document.getElementsByTagName("text");
        for (int i = 0; i < all.getLength(); i++) {
            texts.add(all.item(i).getTextContent());
        }
        return texts;
    }

    private static Document draw(String name) throws Exception {
        ResNetSpec spec = ResNets.named(name);
        return parse(NetworkDrawing.ofNetwork(ResNet.undrawn(spec), spec.imageSize()));
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    /** Asserts that all texts of a drawing are inside it, and those of a box inside the box. */
    private static void assertInside(Document document) {
        Element root = document.getDocumentElement();
        var boxes = new ArrayList<Element>();
        for (String kind : List.of("conv box", "norm box", "relu box", "pool box", "linear box")) {
            boxes.addAll(elements(document, "rect", kind));
        }
        var all = document.getElementsByTagName("text");
        for (int i = 0; i < all.getLength(); i++) {
            var text = (Element) all.item(i);
            double x = number(text, "x");
            double y = number(text, "y");
            assertTrue(x > 0 && x < number(root, "width"), text.getTextContent());
            assertTrue(y > 0 && y < number(root, "height"), text.getTextContent());
            double needed = text.getTextContent().length() * LETTER;
            for (Element box : boxes) {
                boolean within = Math.abs(x - number(box, "x") - number(box, "width") / 2) < 1
                        && y > number(box, "y")
                        && y < number(box, "y") + number(box, "height");
                assertTrue(!within || needed < number(box, "width"), text.getTextContent() + " is too long");
            }
        }
    }

    static List<String> names() {
        return ResNets.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyNetworkOfTheCatalogueIsDrawnWithATextForThoseWhoCannotSee(String name) throws Exception {
        Document document = draw(name);
        assertInside(document);
        assertEquals("img", document.getDocumentElement().getAttribute("role"));
        assertEquals(name, document.getElementsByTagName("title").item(0).getTextContent());
        String description = document.getElementsByTagName("desc").item(0).getTextContent();
        assertTrue(description.contains("global average pool"), description);
        boolean plain = name.startsWith("plain");
        assertEquals(plain, elements(document, "path", "way").isEmpty());
        assertEquals(plain, elements(document, "circle", "sum").isEmpty());
    }

    @Test
    void blocksThatAreTheSameAreDrawnOnceAndOneOfEachKindIsOpenedUp() throws Exception {
        List<String> texts = texts(draw("resnet50"));
        assertTrue(texts.containsAll(List.of(
                "7x7 conv, 64, stride 2, norm, ReLU",
                "max pool 3x3, stride 2",
                "layer3 · 6 blocks",
                "5 × identity block",
                "1x1, 256 · 3x3, 256 · 1x1, 1024",
                "14 × 14 × 1024",
                "layer1.0: convolutional block",
                "layer1.1: identity block",
                "linear, 1000",
                "1000 scores")));
        assertEquals(4, texts.stream().filter("convolutional block"::equals).count());
    }

    @Test
    void networksOfThePaperDifferInTheirShortcuts() throws Exception {
        assertTrue(texts(draw("resnet20")).contains("block with padding"));
        assertTrue(texts(draw("resnet20")).contains("16 channels of zeros"));
        assertTrue(texts(draw("plain20")).contains("layer1.0: plain block"));
        assertTrue(texts(draw("resnet18d")).contains("average pool, 2x2"));
        assertTrue(texts(draw("seresnet18")).contains("squeeze-and-excitation"));
        assertTrue(texts(draw("preresnet110")).contains("batch norm, ReLU"));
    }

    @ParameterizedTest
    @EnumSource(ShortcutOption.class)
    void everyShortcutIsDrawn(ShortcutOption option) throws Exception {
        ResNet network = ResNet.undrawn(ResNets.named("resnet20").withShortcuts(option));
        Document document = parse(NetworkDrawing.ofBlock(network, "layer1.1", 32));
        assertInside(document);
        assertEquals(
                option == ShortcutOption.NONE ? 0 : 1,
                elements(document, "circle", "sum").size());
        List<String> texts = texts(document);
        switch (option) {
            case SCALED -> assertTrue(texts.contains("0.5 of both"), texts.toString());
            case EXCLUSIVE_GATE -> assertTrue(texts.contains("g · F + (1 − g) · x"), texts.toString());
            case SHORTCUT_GATE -> assertTrue(texts.contains("F + (1 − g) · x"), texts.toString());
            case DROPOUT -> assertTrue(texts.contains("half of x randomly dropped"), texts.toString());
            case A, B, D -> assertTrue(texts.contains("identity: x unchanged"), texts.toString());
            case C -> assertTrue(texts.contains("1x1 conv, 16"), texts.toString());
            case NONE -> assertTrue(texts.contains("layer1.1: plain block"), texts.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(ActivationOrder.class)
    void theOrderOfABlockIsThatOfItsLayers(ActivationOrder order) throws Exception {
        ResNet network = ResNet.undrawn(ResNets.named("resnet20").withOrder(order));
        String first = network.blocks().get(4).name();
        List<String> texts = texts(parse(NetworkDrawing.ofBlock(network, first, 32)));
        List<String> layers = texts.stream()
                .filter(text -> text.contains("conv,")
                        || List.of("batch norm", "bias", "ReLU", "+").contains(text))
                .map(text -> text.contains("conv") ? "C" : text.substring(0, 1))
                .toList();
        String expected = switch (order) {
            case POST, WITHOUT_NORM -> "CbRCb+R";
            case NORM_AFTER_ADDITION -> "CbRC+bR";
            case RELU_BEFORE_ADDITION -> "CbRCbR+";
            case RELU_ONLY_PRE -> "RCbRCb+";
            case PRE -> "bRCbRC+";
        };
        assertEquals(expected, String.join("", layers));
    }

    @Test
    void namesAreEscaped() throws Exception {
        ResNetSpec spec = ResNets.named("resnet20").toBuilder().name("<a & b>").build();
        assertTrue(
                texts(parse(NetworkDrawing.ofNetwork(ResNet.undrawn(spec), 32))).contains("<a & b>"));
    }

    @Test
    void whatCannotBeDrawnIsSaid() {
        ResNet network = ResNet.undrawn(ResNets.named("resnet9"));
        var unknown =
                assertThrows(IllegalArgumentException.class, () -> NetworkDrawing.ofBlock(network, "layer2.0", 32));
        assertTrue(unknown.getMessage().contains("its blocks are layer1.0, layer3.0"), unknown.getMessage());
        assertThrows(ShapeMismatchException.class, () -> NetworkDrawing.ofNetwork(network, 16));
    }

    @Test
    void oneBlockIsMarked() throws Exception {
        ResNetSpec spec = ResNets.named("resnet18");
        ResNet network = ResNet.undrawn(spec);
        Document drawing = parse(NetworkDrawing.ofNetwork(network, 224, "layer4.1"));
        assertEquals(1, elements(drawing, "rect", "mark").size());
        assertEquals(1, texts(drawing).stream().filter("layer4.1"::equals).count());
        assertInside(drawing);
        assertEquals(List.of(), elements(draw("resnet18"), "rect", "mark"));
        var unknown =
                assertThrows(IllegalArgumentException.class, () -> NetworkDrawing.ofNetwork(network, 224, "layer5.0"));
        assertTrue(unknown.getMessage().contains("layer4.0, layer4.1"), unknown.getMessage());
    }
}
