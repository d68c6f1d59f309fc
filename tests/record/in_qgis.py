"""Run by an interpreter that has QGIS: opens an export, looks at every layer, edits, saves.

Arguments: the GeoPackage, and a second one to save all layers to in another CRS. Prints JSON.
"""

from __future__ import annotations

import json
import os
import sys

from osgeo import ogr
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

path, again = sys.argv[1:]
app = QgsApplication([], False)
app.initQgis()
source = ogr.Open(path)
names = [source.GetLayer(at).GetName() for at in range(source.GetLayerCount())]
source = None
seen = {}
layers = {}
for name in names:
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    layer.loadDefaultStyle()  # as the program does with a layer that is added
    clock = layer.temporalProperties()
    rules = layer.renderer().rootRule().children() if layer.isSpatial() else []
    symbols = [rule.symbol() for rule in rules]
    layers[name] = layer
    seen[name] = {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "rules": [rule.label() for rule in rules],
        "drawn": all(symbol.symbolLayerCount() for symbol in symbols),
        "clock": [clock.startField(), clock.endField()] if clock.isActive() else [],
        "fields": {field.name(): field.typeName() for field in layer.fields()},
        "form": {
            field.name(): layer.editorWidgetSetup(at).type()
            for at, field in enumerate(layer.fields())
        },
    }


def edit(name, key, **values):
    """Change cells of a row, and its shape, as a person does who toggles editing and saves."""
    layer = layers[name]
    layer.startEditing()
    (feature,) = [one for one in layer.getFeatures() if one["id"] == key]
    for column, value in values.items():
        if column == "shape":
            layer.changeGeometry(feature.id(), value(feature.geometry()))
        else:
            layer.changeAttributeValue(feature.id(), layer.fields().indexOf(column), value)
    assert layer.commitChanges(), layer.commitErrors()


def shifted(geometry):
    """The same with its second vertex somewhat to the north."""
    vertex = geometry.vertexAt(1)
    geometry.moveVertex(vertex.x(), vertex.y() + 0.01, 1)
    return geometry


edit("control", "c1", certainty="probable")
edit("routes", "r1", shape=shifted)
edit("places", "p00", shape=lambda _: QgsGeometry.fromPointXY(QgsPointXY(10.3, 50.2)))

# The whole saved anew, in metres, as "Save Features As" does it.
context = QgsCoordinateTransformContext()
metres = QgsCoordinateReferenceSystem("EPSG:3857")
first = True
for name, layer in layers.items():
    if name.endswith("_map") or name.startswith(("mandates_", "layer_styles")):
        continue
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    # The numbers of rows are given anew.
    options.attributes = [at for at, field in enumerate(layer.fields()) if field.name() != "fid"]
    if layer.isSpatial():
        options.ct = QgsCoordinateTransform(layer.crs(), metres, QgsProject.instance())
    if not first:
        options.actionOnExistingFile = QgsVectorFileWriter.CreateOrOverwriteLayer
    done = QgsVectorFileWriter.writeAsVectorFormatV3(layer, again, context, options)
    assert done[0] == QgsVectorFileWriter.NoError, done
    first = False
print(json.dumps(seen))
sys.stdout.flush()
os._exit(0)  # QGIS may fall over its own layers while it ends
