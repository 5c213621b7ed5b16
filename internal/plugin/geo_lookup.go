package plugin

var geoLineLookup = Spec{
	Name: "geo_line_lookup", Ref: "geo-line-lookup-plugin",
	Doc:  "Joins rows to those of a table whose line is near their point.",
	Sigs: []string{"(LookupTable: tabular, LookupLineKey: col dynamic, SourceLongitude: col number, SourceLatitude: col number, radius: const number, return_unmatched?: const bool, lookup_area_radius?: const number, return_lookup_key?: const bool): table"},
	Examples: []Example{{
		`datatable(p:string, x:real, y:real)["near",0.5,0.0001,"far",0.5,1.0] | evaluate geo_line_lookup((datatable(n:string, l:dynamic)["equator",dynamic({"type":"LineString","coordinates":[[0,0],[1,0]]})]), l, x, y, 100, return_unmatched = true)`,
		`["near",0.5,0.0001,"equator"]
["far",0.5,1.0,""]`,
	}},
}

var geoPolygonLookup = Spec{
	Name: "geo_polygon_lookup", Ref: "geo-polygon-lookup-plugin",
	Doc:  "Joins rows to those of a table whose polygon holds their point, or is near it.",
	Sigs: []string{"(LookupTable: tabular, LookupPolygonKey: col dynamic, SourceLongitude: col number, SourceLatitude: col number, radius?: const number, return_unmatched?: const bool, lookup_area_radius?: const number, return_lookup_key?: const bool): table"},
	Examples: []Example{{
		`datatable(p:string, x:real, y:real)["in",0.5,0.5,"out",5.0,5.0] | evaluate geo_polygon_lookup((datatable(n:string, g:dynamic)["square",dynamic({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]})]), g, x, y)`,
		`["in",0.5,0.5,"square"]`,
	}},
}
