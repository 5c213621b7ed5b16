package fn

import (
	"math"
	"strings"
)

// Conversions between units of one quantity. Names of units are read without
// regard to case; a name that is none gives null.

var unitRows = []Spec{{
	Name: "convert_angle", Ref: "convert-angle-function", Doc: "Converts an angle between units.",
	Sigs: convertSigs, Eval: evalConvertAngle,
	Examples: []Example{{"convert_angle(1.2, 'Degree', 'Arcminute')", "72.0"}, {"convert_angle(1, 'Degree', 'Mile')", "real(null)"}},
}, {
	Name: "convert_energy", Ref: "convert-energy-function", Doc: "Converts an energy between units.",
	Sigs: convertSigs, Eval: convertBy(energyUnits),
	Examples: []Example{{"convert_energy(1, 'WattHour', 'Joule')", "3600.0"}, {"convert_energy(1.5, 'Joule', 'Joule')", "1.5"}},
}, {
	Name: "convert_force", Ref: "convert-force-function", Doc: "Converts a force between units.",
	Sigs: convertSigs, Eval: convertBy(forceUnits),
	Examples: []Example{{"convert_force(1, 'Kilonewton', 'Newton')", "1000.0"}, {"convert_force(2.5, 'Newton', 'Newton')", "2.5"}},
}, {
	Name: "convert_length", Ref: "convert-length-function", Doc: "Converts a length between units.",
	Sigs: convertSigs, Eval: convertBy(lengthUnits),
	Examples: []Example{{"convert_length(2, 'Kilometer', 'Meter')", "2000.0"}, {"convert_length(1, 'Meter', '')", "real(null)"}},
}, {
	Name: "convert_mass", Ref: "convert-mass-function", Doc: "Converts a mass between units.",
	Sigs: convertSigs, Eval: convertBy(massUnits),
	Examples: []Example{{"convert_mass(3, 'Tonne', 'Kilogram')", "3000.0"}, {"round(convert_mass(1.2, 'Kilogram', 'Pound'), 9)", "2.645547146"}},
}, {
	Name: "convert_speed", Ref: "convert-speed-function", Doc: "Converts a speed between units.",
	Sigs: convertSigs, Eval: convertBy(speedUnits),
	Examples: []Example{{"round(convert_speed(36, 'KilometerPerHour', 'MeterPerSecond'), 9)", "10.0"}, {"convert_speed(1, 'x', 'y')", "real(null)"}},
}, {
	Name: "convert_temperature", Ref: "convert-temperature-function", Doc: "Converts a temperature between scales.",
	Sigs: convertSigs, Eval: evalConvertTemperature,
	Examples: []Example{{"round(convert_temperature(1.2, 'Kelvin', 'DegreeCelsius'), 9)", "-271.95"}, {"round(convert_temperature(100, 'DegreeCelsius', 'DegreeFahrenheit'), 9)", "212.0"}},
}, {
	Name: "convert_volume", Ref: "convert-volume-function", Doc: "Converts a volume between units.",
	Sigs: convertSigs, Eval: convertBy(volumeUnits),
	Examples: []Example{{"round(convert_volume(1.2, 'CubicMeter', 'AcreFoot'), 10)", "0.0009728568"}, {"convert_volume(1, 'CubicMeter', 'CubicMeter')", "1.0"}},
}}

var convertSigs = []Sig{{Decl: "(value: real, from: string, to: string): real"}}

// convertBy adapts a table of units.
func convertBy(units []unit) Eval {
	return func(c *Call) {
		convertRows(c, func(from, to string) (func(float64) float64, bool) {
			a, ok1 := findUnit(units, from)
			b, ok2 := findUnit(units, to)
			return func(x float64) float64 { return x * a / b }, ok1 && ok2
		})
	}
}

func findUnit(units []unit, name string) (float64, bool) {
	for _, u := range units {
		if strings.EqualFold(u.name, name) {
			return u.size, true
		}
	}
	return 0, false
}

// convertRows looks units up only when they change from one row to the next.
func convertRows(c *Call, find func(from, to string) (func(float64) float64, bool)) {
	c.strict()
	var convert func(float64) float64
	var known bool
	var lastFrom, lastTo string
	value, from, to := c.Args[0].Floats, c.Args[1].Strings, c.Args[2].Strings
	for i := range c.N {
		if i == 0 || from[i] != lastFrom || to[i] != lastTo {
			lastFrom, lastTo = from[i], to[i]
			convert, known = find(lastFrom, lastTo)
		}
		switch {
		case c.Out.IsNull(i):
		case !known:
			c.Out.SetNull(i)
		case strings.EqualFold(lastFrom, lastTo):
			c.Out.Floats[i] = value[i]
		default:
			c.Out.Floats[i] = convert(value[i])
		}
	}
}

// evalConvertAngle adds the one unit that is no multiple of another: a tilt is
// the sine of an angle.
func evalConvertAngle(c *Call) {
	const tilt = "Tilt"
	convertRows(c, func(from, to string) (func(float64) float64, bool) {
		a, ok1 := findUnit(angleUnits, from)
		b, ok2 := findUnit(angleUnits, to)
		fromTilt, toTilt := strings.EqualFold(from, tilt), strings.EqualFold(to, tilt)
		return func(x float64) float64 {
			degrees := x * a
			if fromTilt {
				degrees = math.Asin(x) * 180 / math.Pi
			}
			if toTilt {
				return math.Sin(degrees / 180 * math.Pi)
			}
			return degrees / b
		}, (ok1 || fromTilt) && (ok2 || toTilt)
	})
}

// temperatureScale says kelvin = degrees * size + zero.
type temperatureScale struct {
	name       string
	size, zero float64
}

var temperatureScales = []temperatureScale{
	{"DegreeCelsius", 1, 273.15},
	{"DegreeDelisle", -2.0 / 3, 373.15},
	{"DegreeFahrenheit", 5.0 / 9, 459.67 * 5 / 9},
	{"DegreeNewton", 100.0 / 33, 273.15},
	{"DegreeRankine", 5.0 / 9, 0},
	{"DegreeReaumur", 5.0 / 4, 273.15},
	{"DegreeRoemer", 40.0 / 21, 273.15 - 7.5*40/21},
	{"Kelvin", 1, 0},
	{"MillidegreeCelsius", 1.0 / 1000, 273.15},
	{"SolarTemperature", 5778, 0},
}

func evalConvertTemperature(c *Call) {
	scale := func(name string) (temperatureScale, bool) {
		for _, s := range temperatureScales {
			if strings.EqualFold(s.name, name) {
				return s, true
			}
		}
		return temperatureScale{}, false
	}
	convertRows(c, func(from, to string) (func(float64) float64, bool) {
		a, ok1 := scale(from)
		b, ok2 := scale(to)
		return func(x float64) float64 { return (x*a.size + a.zero - b.zero) / b.size }, ok1 && ok2
	})
}
