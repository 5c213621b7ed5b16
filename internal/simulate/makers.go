package simulate

// maker is who makes and signs a program.
type maker struct {
	key, company, product string
	signer, issuer        string // empty: not signed
	catalogue             bool   // signed by catalogue, not in the file
	root                  bool   // the chain ends at Microsoft
	class                 string // of InitiatingProcessSignerType
}

const (
	codeSigning = "DigiCert Trusted G4 Code Signing RSA4096 SHA384 2021 CA1"
	windowsPCA  = "Microsoft Windows Production PCA 2011"
	codePCA     = "Microsoft Code Signing PCA 2011"
	windowsName = "Microsoft® Windows® Operating System"
)

func makers() map[string]*maker {
	m := map[string]*maker{}
	for _, x := range []maker{
		{"windows", "Microsoft Corporation", windowsName, "Microsoft Windows", windowsPCA, true, true, "OsVendor"},
		{"microsoft", "Microsoft Corporation", "", "Microsoft Corporation", codePCA, false, true, "OsVendor"},
		{"microsoftunix", "Microsoft Corporation", "", "Developer ID Application: Microsoft Corporation (UBF8T346G9)",
			"Developer ID Certification Authority", false, false, "OsVendor"},
		{"sysinternals", "Sysinternals - www.sysinternals.com", "", "Microsoft Corporation", codePCA, false, true, "OsVendor"},
		{"google", "Google LLC", "", "Google LLC", codeSigning, false, false, "ThirdParty"},
		{"mozilla", "Mozilla Corporation", "", "Mozilla Corporation", codeSigning, false, false, "ThirdParty"},
		{"adobe", "Adobe Systems Incorporated", "", "Adobe Inc.", codeSigning, false, false, "ThirdParty"},
		{"zoom", "Zoom Video Communications, Inc.", "", "Zoom Video Communications, Inc.", codeSigning, false, false, "ThirdParty"},
		{"slack", "Slack Technologies Inc.", "", "Slack Technologies, LLC", codeSigning, false, false, "ThirdParty"},
		{"videolan", "VideoLAN", "VLC media player", "VideoLAN", codeSigning, false, false, "ThirdParty"},
		{"sap", "SAP SE", "SAP GUI for Windows", "SAP SE", codeSigning, false, false, "ThirdParty"},
		{"git", "The Git Development Community", "Git", "", "", false, false, "Unknown"},
		{"node", "Node.js", "Node.js", "OpenJS Foundation", codeSigning, false, false, "ThirdParty"},
		{"python", "Python Software Foundation", "Python", "Python Software Foundation", codeSigning, false, false, "ThirdParty"},
		{"docker", "Docker Inc", "Docker Desktop", "Docker Inc", codeSigning, false, false, "ThirdParty"},
		{"filezilla", "FileZilla Project", "FileZilla", "", "", false, false, "Unknown"},
		{"notepadpp", "Notepad++", "Notepad++", "Notepad++", codeSigning, false, false, "ThirdParty"},
		{"7zip", "", "7-Zip", "", "", false, false, "Unknown"},
		{"intel", "Intel Corporation", "", "Intel Corporation", codeSigning, false, false, "ThirdParty"},
		{"realtek", "Realtek Semiconductor", "", "Realtek Semiconductor Corp.", codeSigning, false, false, "ThirdParty"},
		{"apache", "Apache Software Foundation", "Apache Tomcat", "The Apache Software Foundation", codeSigning, false, false, "ThirdParty"},
		{"adoptium", "Eclipse Adoptium", "OpenJDK Platform 17.0.11", "Eclipse.org Foundation, Inc.", codeSigning, false, false, "ThirdParty"},
		{"curl", "curl, https://curl.se/", "The curl executable", "Microsoft Windows", windowsPCA, true, true, "OsVendor"},
		{"rclone", "https://rclone.org", "Rclone", "", "", false, false, "Unknown"},
		{"apple", "Apple Inc.", "", "Software Signing", "Apple Code Signing Certification Authority", false, false, "OsVendor"},
		{"unsigned", "", "", "", "", false, false, "Unknown"},
		{"none", "", "", "", "", false, false, "Unknown"},
	} {
		m[x.key] = &x
	}
	return m
}
