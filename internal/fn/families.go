package fn

// families lists the files of rows. A new file of rows is named here once;
// a new row is not.
func families() [][]Spec {
	return [][]Spec{
		aggCountRows, aggSumRows, aggBestRows, aggBitRows, aggListRows, aggBagRows, aggStatsRows, aggPercentileRows, pluginRows,
		digestRows, sketchRows, windowRows, internalRows, dataSizeRows,
		arithRows, binRows, mathRows, trigRows, bitwiseRows, specialRows, unitRows, clockRows, datePartRows, boundRows, dateAddRows, makeTimeRows, formatTimeRows, zoneRows,
		compareRows, orderRows, logicRows, chooseRows, inspectRows, extentRows, castRows, accessRows, arrayRows, arrayFindRows, arraySortRows, bagRows, setRows, sequenceRows, expandRows,
		seriesPairRows, seriesUnaryRows, seriesReduceRows, seriesStatsRows, seriesFillRows, seriesFilterRows, seriesSeasonalRows, seriesColumnRows, seriesFitRows, seriesFourierRows, seriesOutlierRows, seriesPeriodRows, seriesDecomposeRows, makeSeriesRows,
		infixTextRows, infixFoldRows, infixInRows, infixRegexRows, hasListRows, stringRows, concatRows, searchRows, replaceRows, extractRows, encodeRows, unicodeRows, hashRows, compressRows, urlRows, parseTextRows, parseKvRows, xmlRows, ipv4Rows, ipv6Rows, ipv4TextRows, geoIPRows, geoPointRows, geoCellRows, geoLineRows, geoPolygonRows, geoPairRows, userAgentRows,
	}
}
